// Codes for tests, and devices that know them.

import type { UserId } from "@lockstep/core";
import { digestOf, newBoxKey, newSigningKey, signJoin, verifyJoin, type Join } from "@lockstep/keyfile";

import type { Database } from "../db/database.ts";
import { testKeyEncryption, type SmallOrganisation } from "../facts/testing.ts";
import { signersWith } from "../roots/signers.ts";
import { findCodeSecrets } from "../sync/codes/store.ts";
import { admitDevice, gatherCodes, issueActivationCode, offerHashOf } from "./commands.ts";
import { openCodeSecrets, proofOf, type CodeSecrets } from "./secrets.ts";
import type { ActivationCodeId } from "./store.ts";

/** The first one of an organisation. */
export const userOf = ({ users: [user] }: SmallOrganisation) => user as UserId;

/** @param relays what codes name as the relays. */
export function useCodes(server: { readonly current: Database }, relays: readonly string[]) {
  const keyEncryption = testKeyEncryption();
  const signersOf = signersWith(keyEncryption);

  const secretsOf = async (
    { id }: SmallOrganisation,
    codeId: ActivationCodeId,
  ): Promise<{ secrets: CodeSecrets; act: string }> => {
    const code = await server.current.read((reader) => findCodeSecrets(reader, id, codeId));
    if (code === undefined) throw new Error("expected a code with secrets");
    return { secrets: await openCodeSecrets(keyEncryption, code, code), act: code.activationId };
  };
  return {
    secretsOf,
    issue: async (organisation: SmallOrganisation, userId = userOf(organisation), days = 14) => {
      const { writing, id } = organisation;
      const issuing = { writing, keyEncryption, signersOf, relays };
      const issued = await issueActivationCode(issuing, id, { userId, days });
      const [newest] = await server.current.snapshot((snapshot) => gatherCodes(snapshot, id, userId));
      return { ...issued, codeId: newest?.id as ActivationCodeId };
    },
    /** What a device that knows the code sends. @param name of the machine. @param sign the device's own key. */
    joinOf: async (
      organisation: SmallOrganisation,
      codeId: ActivationCodeId,
      name: string,
      sign = newSigningKey(),
    ): Promise<Join> => {
      const { secrets, act } = await secretsOf(organisation, codeId);
      const proof = proofOf(secrets, offerHashOf(secrets));
      const client = "lockstep-client 0.1.0";
      const content = {
        org: organisation.id,
        act,
        iat: Math.floor(organisation.writing.clock().getTime() / 1000),
        box: (await newBoxKey("classic")).recipient,
        orders_box: (await newBoxKey("classic")).recipient,
        facts: { machine: digestOf(name), name, os: "Linux", client, keystore: "file" },
      } as const;
      const join = verifyJoin(signJoin(content, sign, proof), { org: organisation.id, act }, proof);
      if (typeof join === "string") throw new Error(join);
      return join;
    },
    admit: ({ writing, id }: SmallOrganisation, codeId: ActivationCodeId, join: Join) =>
      admitDevice({ writing, keyEncryption }, id, { codeId, join, rootVersion: 1 }),
  };
}
