// The ids that directories never change: objectGUID of Active Directory, entryUUID (RFC 4530), nsUniqueId of 389 DS.

import { isId } from "@lockstep/core";

/** [MS-DTYP] §2.3.4.2: the first three fields are in the byte order of the machine, little-endian. */
function guidOf(bytes: Buffer): string | null {
  if (bytes.length !== 16) return null;
  const field = (from: number, to: number) => bytes.subarray(from, to);
  const reversed = (from: number, to: number) => Buffer.from(field(from, to)).reverse().toString("hex");
  return [
    reversed(0, 4),
    reversed(4, 6),
    reversed(6, 8),
    field(8, 10).toString("hex"),
    field(10, 16).toString("hex"),
  ].join("-");
}

/** The other way round. */
export function guidBytes(objectId: string): Buffer {
  const digits = objectId.replaceAll("-", "");
  const field = (from: number, to: number) => Buffer.from(digits.slice(from * 2, to * 2), "hex");
  return Buffer.concat([field(0, 4).reverse(), field(4, 6).reverse(), field(6, 8).reverse(), field(8, 16)]);
}

/** As 389 DS writes it. */
export function inGroupsOfEight(objectId: string): string {
  return objectId.replaceAll("-", "").replace(/(.{8})(?=.)/g, "$1-");
}

/** 389 DS writes four groups of eight digits. */
function uuidOf(text: string): string | null {
  const digits = text.replaceAll("-", "").toLowerCase();
  const written = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return isId(written) ? written : null;
}

/** @returns null for what is no such id. */
export function objectIdOf(value: Buffer, isGuid: boolean): string | null {
  return isGuid ? guidOf(value) : uuidOf(value.toString("latin1"));
}
