import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect, test } from "vitest";

const starter = `
  import { startRelayBeside } from ${JSON.stringify(new URL("relay.ts", import.meta.url).href)};
  const { origin } = await startRelayBeside(process.argv[1], false);
  console.log(origin);
  setInterval(() => undefined, 1000);`;

/** A program that starts a relay beside itself, and where that is. */
async function start(folder: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", starter, folder], {
    env: { ...process.env, LOCKSTEP_RELAY_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [origin] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, origin };
}

async function isThere(origin: string): Promise<boolean> {
  return fetch(origin).then(
    () => true,
    () => false,
  );
}

test("the relay beside a server ends with it, also if it is killed, and the next one finds account and store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-beside-"));
  try {
    const tokens: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { child, origin } = await start(folder);
      expect(await isThere(origin)).toBe(true);
      const tokenFile = join(folder, "keys", "relay-token");
      tokens.push(await readFile(tokenFile, "utf8"));
      expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
      child.kill("SIGKILL");
      while (await isThere(origin));
    }
    expect(tokens[1]).toBe(tokens[0]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
