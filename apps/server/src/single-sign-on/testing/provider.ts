// The provider of tests: started as a program, and gone through as a browser does.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface TestProvider {
  readonly issuer: string;
  readonly clientSecret: string;
  /** Signs in there and is led back. @returns what stands behind the ? of the address. */
  authorise(address: string, login: string): Promise<string>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL("provider-program.ts", import.meta.url));

/** @param returnAddress the only one that it leads to. */
export async function startProvider(returnAddress: string): Promise<TestProvider> {
  const clientSecret = "the secret of a client";
  const child = spawn(process.execPath, [program, returnAddress, clientSecret], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const issuer = await new Promise<string>((resolve, reject) => {
    const listen = (text: Buffer) => {
      said += text.toString();
      const [, at] = /^at (\S+)$/m.exec(said) ?? [];
      if (at !== undefined) resolve(at);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", () => reject(new Error(`the provider has ended: ${said}`)));
  });
  return {
    issuer,
    clientSecret,
    authorise: (address, login) => walk(address, { login, returnAddress }),
    stop: async () => {
      child.removeAllListeners("exit");
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

/** From page to page, with the cookies of one browser. */
async function walk(
  address: string,
  { login, returnAddress }: { login: string; returnAddress: string },
): Promise<string> {
  const cookies = new Map<string, string>();
  let body: URLSearchParams | null = null;
  for (let at = address, steps = 0; steps < 12; steps++) {
    const response: Response = await fetch(at, {
      redirect: "manual",
      method: body === null ? "GET" : "POST",
      body,
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    body = null;
    const to = response.headers.get("location");
    const text = await response.text();
    if (to === null) {
      if (!text.includes('name="login"')) throw new Error(`the provider says ${response.status}: ${text}`);
      body = new URLSearchParams({ prompt: "login", login, password: "any" });
      continue;
    }
    const next = new URL(to, at);
    if (next.href.startsWith(returnAddress)) return next.search.slice(1);
    at = next.href;
  }
  throw new Error("the provider leads nowhere");
}
