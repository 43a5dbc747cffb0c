// How the personal parts of an event are sealed for that event alone, and opened again.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import type { OrganisationId } from "@lockstep/core";

export type Detail = Readonly<Record<string, unknown>>;

/** Where the sealed parts stand instead. */
const sealedPart = "sealed";
const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

export interface Place {
  readonly organisationId: OrganisationId;
  readonly eventId: string;
}

/** A detail in two: what anybody may read, and what is of the person. */
export interface Parted {
  readonly open: Detail;
  readonly personal: Detail;
}

/** What is sealed for one event opens in no other. */
const boundTo = ({ organisationId, eventId }: Place) => Buffer.from(`${organisationId} ${eventId}`);

/** The detail with some parts sealed (AES-256-GCM, NIST SP 800-38D) behind the others. */
export function sealParts(key: Buffer, place: Place, { open: others, personal }: Parted): Detail {
  return { ...others, [sealedPart]: seal(key, place, personal) };
}

function seal(key: Buffer, place: Place, parts: Detail): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(place));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(parts), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString("base64");
}

function open(key: Buffer, place: Place, sealed: string): Detail {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes)).setAAD(boundTo(place));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const parts = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as Detail;
}

/** The detail of a stored event as it was told; without the key of its person the sealed parts are missing. */
export function openPersonal<Stored extends Detail>(
  detail: Stored,
  { key, ...place }: Place & { readonly key: Buffer | null },
): Stored {
  const { [sealedPart]: sealed, ...others } = detail;
  if (typeof sealed !== "string") return detail;
  return { ...others, ...(key === null ? {} : open(key, place, sealed)) } as Stored;
}
