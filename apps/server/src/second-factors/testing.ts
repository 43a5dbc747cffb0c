// People with an authenticator app, as tests meet them: through HTTP, with the cookies that a browser would keep.

import type { OrganisationId, UserId } from "@lockstep/core";
import { generateSync } from "otplib";

import { addPerson } from "../accounts/testing.ts";
import type { ExampleApp, Sent } from "../http/testing/app.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";

export const ownPassword = "a password of her own";
let hash: Promise<string> | undefined;

export interface Person {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly username: string;
}

/** Somebody new who signs in with `ownPassword`. */
export async function addSignedUp(example: ExampleApp, organisationId: OrganisationId): Promise<Person> {
  const person = await addPerson(example, organisationId);
  hash ??= hashPassword(ownPassword);
  const kept = { userId: person.userId, hash: await hash, at: example.now };
  await example.database.transaction((transaction) => putPassword(transaction, organisationId, kept));
  return { organisationId, ...person };
}

export const codeAt = (secret: string, at: Date): string =>
  generateSync({ secret, epoch: Math.floor(at.getTime() / 1000) });

/** The cookies that a reply set, by name; those that it ended are empty. */
export function cookiesOf({ headers }: Sent): Record<string, string> {
  const set = [headers["set-cookie"]].flat().filter((each) => typeof each === "string");
  return Object.fromEntries(
    set.map((each) => {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      return [name, value];
    }),
  );
}

const carrying = (cookies: Readonly<Record<string, string>>): { cookie: string } => ({
  cookie: Object.entries(cookies)
    .map((pair) => pair.join("="))
    .join("; "),
});

/** A browser, with what it keeps. */
export class Browser {
  readonly #example: ExampleApp;
  cookies: Record<string, string> = {};

  constructor(example: ExampleApp) {
    this.#example = example;
  }

  async send(method: string, path: string, body?: unknown): Promise<Sent> {
    const headers = carrying(this.cookies);
    const sent = await this.#example.send(method, path, { body, headers });
    for (const [name, value] of Object.entries(cookiesOf(sent))) this.cookies[name] = value;
    return sent;
  }

  signIn(username: string, password = ownPassword): Promise<Sent> {
    return this.send("POST", "/session", { username, password });
  }

  secondStep(code: string): Promise<Sent> {
    return this.send("POST", "/session/second-step", { code });
  }
}

/** Moves on to the next time step, in which another code counts. */
export function nextStep(example: ExampleApp): void {
  example.now = new Date(example.now.getTime() + 30_000);
}

/** Sets a second factor up in a browser of its own. The code that confirmed it is spent, and the next step has begun. */
export async function setUpFactor(
  example: ExampleApp,
  { username }: Person,
): Promise<{ secret: string; recoveryCodes: string[]; browser: Browser }> {
  const browser = new Browser(example);
  await browser.signIn(username);
  const started = await browser.send("POST", "/session/second-factor", { password: ownPassword });
  const secret = String(started.body["secret"]);
  const code = codeAt(secret, example.now);
  const confirmed = await browser.send("POST", "/session/second-factor/confirmation", { code });
  nextStep(example);
  return { secret, recoveryCodes: confirmed.body["recoveryCodes"] as string[], browser };
}
