// For tests: what administrator and server do in a story, by the remark that says so.

import {
  ageKey,
  order,
  type Activation,
  type Organisation,
} from "../../../../packages/workstation/src/testing/organisation.ts";
import type { Machine } from "./machine.ts";

type Deed = (organisation: Organisation, activation: Activation) => Promise<unknown>;

/** What the organisation's key became when it was rotated. */
const nextKey = "AGE-SECRET-KEY-1DK428PYNXCFXN9CZUUXQDY6EZTDH323YZTGHFZ9MLXDFNXW9AHASGMLA2H";

const policy =
  (settings: Readonly<Record<string, boolean | number | string>>): Deed =>
  (organisation, activation) =>
    organisation.post(activation, { policy: { ...settings } });

const orders =
  (...kinds: readonly Parameters<typeof order>[0][]): Deed =>
  (organisation, activation) =>
    organisation.order(activation, kinds.map(order));

const deeds: Readonly<Record<string, Deed>> = {
  "The administrator posts a Key-File.": (organisation, activation) => organisation.post(activation),
  "The key is rotated: what comes next has version 2 to encrypt with, and 1 to read with.": (
    organisation,
    activation,
  ) =>
    organisation.post(activation, {
      keys: [
        { key: organisation.key, kv: 2, use: "encrypt", id: nextKey },
        { key: organisation.key, kv: 1, use: "decrypt", id: ageKey.identity },
      ],
    }),
  "A Key-File comes that was sealed to somebody else.": (organisation, activation) =>
    organisation.putRaw(activation, "key-file", Buffer.from("not for you")),
  "The policy forbids to postpone updates.": policy({ "update.may-postpone": false }),
  "The policy forbids to encrypt.": policy({ "files.may-encrypt": false }),
  "The policy forbids to store files in the clear.": policy({ "files.may-decrypt-permanently": false }),
  "The policy allows to export the keys.": policy({ "identity.may-export": true }),
  "The policy asks for passwords of 25 characters.": policy({ "password.min-length": 25 }),
  "The policy allows three attempts.": policy({ "password.attempts": 3 }),
  "The administrator locks the workstation.": orders("lock"),
  "The administrator unlocks the workstation.": orders("unlock"),
  "The administrator asks for a new password.": orders("force-password-change"),
  "The administrator declares the workstation lost.": orders("deactivate"),
  "The licence has ended.": (organisation, activation) =>
    organisation.beat(activation, { licence_until: "2026-01-31" }),
  "The server says that it is there.": (organisation, activation) => organisation.beat(activation),
};

/** Activates the machine's default profile; the password is in the file `password`. */
export async function activatedOn(machine: Machine, organisation: Organisation): Promise<Activation> {
  const activation = await organisation.issue();
  machine.write("password", "correct horse battery");
  const environment = { CODE: activation.code, RELAY: organisation.relay.origin };
  const line = "lockstep-client activate $CODE --relay $RELAY --password-file password";
  const [{ exitCode, screen }] = await Promise.all([
    machine.run(line, environment),
    organisation.admit(activation, 20),
  ]);
  if (exitCode !== 0) throw new Error(screen);
  return activation;
}

export class Office {
  readonly #organisation: Organisation;
  #activation: Activation | null = null;
  #answering: Promise<unknown> = Promise.resolve();

  constructor(organisation: Organisation) {
    this.#organisation = organisation;
  }

  /** The code that was issued last. */
  get code(): string {
    return this.#activation?.code ?? "";
  }

  get #present(): Activation {
    if (this.#activation === null) throw new Error("the story has no code yet");
    return this.#activation;
  }

  /** Does what a remark says, if it says that something happens. */
  async hear(remark: string): Promise<void> {
    if (remark === "A code is given out.") this.#activation = await this.#organisation.issue();
    const refusal = /^The server says no: (no-licence|code-already-used)\.$/.exec(remark)?.[1];
    if (refusal === "no-licence" || refusal === "code-already-used") this.#present.answer = refusal;
    if (remark === "The server says yes.") this.#present.answer = null;
    // It answers while the next command runs.
    if (remark === "The server answers.") this.#answering = this.#organisation.admit(this.#present, 20);
    if (remark === "The server reads the reports.") await this.#organisation.read(this.#present);
    await deeds[remark]?.(this.#organisation, this.#present);
  }

  /** Until the server has answered whatever the last command asked. */
  async answered(): Promise<void> {
    await this.#answering;
  }
}
