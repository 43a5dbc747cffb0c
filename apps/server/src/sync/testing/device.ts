// A device that was admitted, for tests of what the server makes of its reports: it signs whatever it is told to say.

import { relay as contract } from "@lockstep/api";
import type { ActivationId } from "@lockstep/core";
import {
  digestOf,
  newSigningKey,
  sealBox,
  signerOf,
  signReport,
  type BoxIdentities,
  type PrivateJwk,
  type Report,
} from "@lockstep/keyfile";
import { z } from "zod";

import { nonceOf, openActivationSecrets, type ActivationSecrets } from "../../activations/secrets.ts";
import { useCodes, userOf } from "../../activations/testing.ts";
import { secondsOf } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { id, instant } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";
import { empty } from "../../facts/identity.ts";
import { testKeyEncryption, type SmallOrganisation } from "../../facts/testing.ts";
import { signersWith } from "../../roots/signers.ts";
import { Boxes } from "../boxes.ts";
import { keyFileNonce } from "../compose.ts";
import type { Connection } from "../connection.ts";
import { replyKeysOnce, takeReports } from "../reports/take.ts";

const sealedActivation = z.object({
  id: id<"activation">(),
  material: z.string(),
  kekVersion: z.int(),
});

const activation = z.object({
  version: z.int(),
  applied: z.int(),
  box: z.string(),
  ordersBox: z.string(),
  ordersVersion: z.int(),
  reportNumber: z.int(),
  ahead: z.int().nullable(),
  endedAt: instant.nullable(),
});

/** What it holds, in the words of a report: nothing of the team's and nothing of its own, under a version. */
export function holding(version: number, changes: Partial<NonNullable<Report["applied"]>> = {}) {
  return {
    epoch: 1,
    ver: version,
    team_content: empty.fingerprint,
    own_content: empty.fingerprint,
    kf_hash: digestOf(`key-file ${version}`),
    ...changes,
  };
}

const keyEncryption = testKeyEncryption();
const signersOf = signersWith(keyEncryption);
const boxes = new Boxes();

export class Device {
  readonly activationId: ActivationId;
  readonly #database: Database;
  readonly #organisation: SmallOrganisation;
  readonly #sign: PrivateJwk;
  readonly #secrets: ActivationSecrets;
  #number = 0;
  #last: string | null = null;

  private constructor(
    database: Database,
    organisation: SmallOrganisation,
    own: { activationId: ActivationId; sign: PrivateJwk; secrets: ActivationSecrets },
  ) {
    this.#database = database;
    this.#organisation = organisation;
    this.activationId = own.activationId;
    this.#sign = own.sign;
    this.#secrets = own.secrets;
  }

  /** The first user of an organisation activates on a machine of this name. */
  static async admit(database: Database, organisation: SmallOrganisation, name = "WS-1"): Promise<Device> {
    const { issue, joinOf, admit } = useCodes({ current: database }, ["http://127.0.0.1:8481"]);
    const sign = newSigningKey();
    const { codeId } = await issue(organisation, userOf(organisation));
    const refused = await admit(organisation, codeId, await joinOf(organisation, codeId, name, sign));
    if (refused !== null) throw new Error(refused);
    const { id: organisationId } = organisation;
    const row = await database.read((reader) =>
      reader.row(
        sealedActivation,
        sql`select id, material, kek_version as "kekVersion" from activations
          where organisation_id = ${organisationId} and code_id = ${codeId}`,
      ),
    );
    if (row === undefined) throw new Error("it was admitted");
    const { id: activationId, ...sealed } = row;
    const secrets = await openActivationSecrets(keyEncryption, { organisationId, activationId }, sealed);
    return new Device(database, organisation, { activationId, sign, secrets });
  }

  /** What is stored of it. */
  async stored(): Promise<z.output<typeof activation>> {
    const row = await this.#database.read((reader) =>
      reader.row(
        activation,
        sql`select next_version - 1 as version, applied_version as applied, box, orders_box as "ordersBox",
          orders_version as "ordersVersion", report_number as "reportNumber", ahead_version as ahead, ended_at as "endedAt"
          from activations where organisation_id = ${this.#organisation.id} and id = ${this.activationId}`,
      ),
    );
    if (row === undefined) throw new Error("it was admitted");
    return row;
  }

  /** The report that it would send now, in answer to the newest Key-File, with what is changed. */
  async compose(changes: Partial<Report> = {}): Promise<string> {
    const { version } = await this.stored();
    const report: Report = {
      org: this.#organisation.id,
      epoch: 1,
      act: this.activationId,
      rseq: this.#number + 1,
      iat: secondsOf(this.#organisation.writing.clock()),
      ack_nonce: nonceOf(this.#secrets, keyFileNonce(version)),
      prev_report_hash: this.#last,
      applied: null,
      results: [],
      rejected: [],
      opened_at: null,
      facts: { os: "Debian", client: "lockstep-client 0.1.0", clock_skew_s: 0, keystore: "file" },
      next_box: null,
      next_orders_box: null,
      removed: [],
      ...changes,
    };
    return signReport(report, signerOf(this.#sign));
  }

  /**
   * Hands a report to the server, as if it had come over the relay.
   * @param known the keys that the server has read before, if not those that are there.
   */
  async hand(report: string, known?: BoxIdentities): Promise<void> {
    const { id: organisationId, writing } = this.#organisation;
    const taking = { database: this.#database, clock: writing.clock, keyEncryption, signersOf, boxes };
    const body = Buffer.from(await this.#seal(report)).toString("base64url");
    const sent = { activationId: this.activationId, deviceX: this.#sign.x, body };
    const keysOf = known === undefined ? replyKeysOnce(taking) : () => Promise.resolve(known);
    await takeReports(taking, organisationId, [sent], { keysOf, onTaken: () => undefined });
  }

  /** Puts a report at the relay. */
  async put(connection: Connection, report: string): Promise<void> {
    const up = await connection.mailbox(this.#secrets.up, "up");
    await up.open();
    await up.put(contract.queue, await this.#seal(report));
  }

  /** How many of its reports lie at the relay. */
  async waiting(connection: Connection): Promise<number> {
    const up = await connection.mailbox(this.#secrets.up, "up");
    return (await up.state()).parcels.length;
  }

  async #seal(report: string): Promise<Uint8Array> {
    const { replyTo } = await this.#database.snapshot((snapshot) =>
      signersOf(snapshot, this.#organisation.id),
    );
    return sealBox(report, replyTo);
  }

  /** Composes a report, hands it over, and goes on from it. */
  async say(changes?: Partial<Report>): Promise<void> {
    const report = await this.compose(changes);
    await this.hand(report);
    this.#goOn(report);
  }

  /** The same over the relay, where it lies until the server reads it. */
  async send(connection: Connection, changes?: Partial<Report>): Promise<void> {
    const report = await this.compose(changes);
    await this.put(connection, report);
    this.#goOn(report);
  }

  #goOn(report: string): void {
    this.#number += 1;
    this.#last = digestOf(report);
  }
}
