// Names for things: every id is a UUID that knows, at compile time, what it is the id of.

declare const noun: unique symbol;

/** A UUID in its canonical lower-case form, branded with the noun it names. */
export type Id<Noun extends string> = string & { readonly [noun]: Noun };

export type AuthorityId = Id<"authority">;
export type OrganisationId = Id<"organisation">;
export type TeamId = Id<"team">;
export type UserId = Id<"user">;
export type LicenceId = Id<"licence">;
export type WorkstationId = Id<"workstation">;
export type ActivationId = Id<"activation">;
export type UpdateId = Id<"update">;
export type KeyId = Id<"key">;
export type GroupId = Id<"group">;
export type ContentId = Id<"content">;
export type PostureId = Id<"posture">;

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a value is a UUID in canonical lower-case form (RFC 9562 §4). */
export function isId(value: unknown): value is Id<string> {
  return typeof value === "string" && canonical.test(value);
}

/**
 * The one door by which text becomes an id.
 * @throws TypeError when the value is not a UUID in canonical lower-case form.
 */
export function parseId<Noun extends string>(value: unknown): Id<Noun> {
  if (!isId(value)) throw new TypeError("expected a UUID in lower case");
  return value as Id<Noun>;
}
