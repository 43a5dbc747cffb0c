// The notice: the server's signed no to a join, sealed to the device that sent it. Without a signature the relay could
// make a user believe that a good code is used up.

import { z } from "zod";

import { jsonOf, readJws, signObject } from "./jws.ts";
import { isSignedInRole, type Root } from "./root.ts";
import { id, instant, payloadOf, thumbprint } from "./shapes.ts";
import type { Signer } from "./signing-key.ts";

/** Why a join was not admitted. The words are forever. */
export const notices = {
  "code-already-used":
    "Somebody else has activated with this code. If that was not you, tell your administrator.",
  "code-expired": "The code has expired. Ask your administrator for a new one.",
  "code-voided": "The code was taken back. Ask your administrator for a new one.",
  "no-licence": "There is no valid licence for you at present. Ask your administrator.",
  "account-blocked": "Your account is blocked. Ask your administrator.",
} as const satisfies Record<string, string>;
export type NoticeCode = keyof typeof notices;

const noticeSchema = z.strictObject({
  org: id,
  act: id,
  dev: thumbprint,
  iat: instant,
  code: z.enum(Object.keys(notices) as NoticeCode[]),
});

/** `dev` is the thumbprint of the device that is told so. */
export type Notice = Readonly<z.output<typeof noticeSchema>>;

/**
 * A notice as a compact JWS, by a key of the issuer role.
 * @throws TypeError when no workstation would believe it.
 */
export function signNotice(notice: Notice, issuer: Signer): string {
  return signObject("notice", { schema: noticeSchema, value: notice }, issuer);
}

/** A notice to this device of this activation, or null: then it says nothing, and the device keeps waiting. */
export function verifyNotice(
  text: string,
  device: { readonly act: string; readonly dev: string },
  root: Root,
): Notice | null {
  const jws = readJws(text);
  if (jws === null || !isSignedInRole(jws, "notice", { root, role: "issuer" })) return null;
  const notice = payloadOf(noticeSchema, jsonOf(jws) ?? null);
  const isOurs = notice?.org === root.org && notice.act === device.act && notice.dev === device.dev;
  return isOurs ? notice : null;
}
