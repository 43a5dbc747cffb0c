// The root: which keys may sign what, in which epoch. It is signed offline, by more than one holder if so wished, and
// each version by the holders of the one before it. The rules are those of TUF 1.0 §5.3, without the files.

import { z } from "zod";

import { isSignedBy, jsonOf, readJws, signObject, type ObjectKind, type UnverifiedJws } from "./jws.ts";
import { count, id, instant, payloadOf, publicJwk, thumbprint } from "./shapes.ts";
import { kidOf, publicKeyOf, type Signer } from "./signing-key.ts";

const keysOfRole = z.strictObject({ kids: z.array(thumbprint).min(1).max(16), threshold: count });

/** An object of these roles has one signature, so more could not be asked for. */
const signingRole = keysOfRole.extend({ threshold: z.literal(1) });

export const rootSchema = z
  .strictObject({
    org: id,
    version: count,
    expires: instant,
    epoch: count,
    keys: z.record(thumbprint, publicJwk),
    roles: z.strictObject({ root: keysOfRole, issuer: signingRole, pulse: signingRole }),
    min_client: count,
  })
  .refine(
    ({ keys }) => Object.entries(keys).every(([kid, jwk]) => kidOf(jwk) === kid),
    "a key is named by its thumbprint",
  )
  .refine(({ keys, roles }) => {
    const kids = Object.values(roles).flatMap((each) => each.kids);
    // A key in two roles would let the hot one of them act as the cold one.
    return new Set(kids).size === kids.length && kids.every((kid) => Object.hasOwn(keys, kid));
  }, "each role has keys of its own")
  .refine(({ roles: { root } }) => root.threshold <= root.kids.length, "a threshold can be reached");

/**
 * `version` and `epoch` count from 1 and never go down. `expires` is in seconds since 1970; an expired root makes a
 * workstation stale and refuses nothing. `keys` maps thumbprints to public keys; one without a role is retired. `min_client`
 * is the oldest generation of client that may work under this root.
 */
export type Root = Readonly<z.output<typeof rootSchema>>;

/** The most signatures that a root may carry: the holders of two versions. */
const mostSignatures = 32;

/**
 * A root with its first holder's signature. Further holders sign the same bytes: `countersign`.
 * @throws TypeError for what is no root.
 */
export function signRoot(root: Root, signer: Signer): string {
  return signObject("root", { schema: rootSchema, value: root }, signer);
}

/** The payload's bytes as they stand in the JWS, header and signature aside. */
function signedText(jws: UnverifiedJws): string {
  return jws.signed.slice(jws.signed.indexOf(".") + 1);
}

/**
 * A signed root with one more holder's signature over the same bytes.
 * @throws TypeError when what is to be signed is no root.
 */
export function countersign(signed: string, signer: Signer): string {
  const read = readSignedRoot(signed);
  if (read === null) throw new TypeError("expected a signed root");
  const head = { alg: "Ed25519", kid: signer.kid, typ: "kf1-root+jws" };
  const bytes = `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${read.text}`;
  const signature = Buffer.from(signer.sign(Buffer.from(bytes))).toString("base64url");
  return `${signed} ${bytes}.${signature}`;
}

interface SignedRoot {
  readonly root: Root;
  readonly text: string;
  readonly signatures: readonly UnverifiedJws[];
}

function readSignedRoot(signed: string): SignedRoot | null {
  const texts = signed.split(" ", mostSignatures + 1);
  if (texts.length > mostSignatures) return null;
  const signatures = texts.map(readJws).filter((jws) => jws !== null);
  const [first] = signatures;
  if (first === undefined || signatures.length !== texts.length) return null;
  const text = signedText(first);
  if (signatures.some((jws) => signedText(jws) !== text)) return null;
  const json = jsonOf(first);
  const root = json === undefined ? null : payloadOf(rootSchema, json);
  return root === null ? null : { root, text, signatures };
}

/** A root's content, before anybody has checked its signatures: to show, and to tell versions apart. */
export function readRoot(signed: string): Root | null {
  return readSignedRoot(signed)?.root ?? null;
}

/** A role, and the root that says whose it is. */
interface Role {
  readonly root: Root;
  readonly role: keyof Root["roles"];
}

/** Whether a JWS is an object of this kind, signed with one of the keys that the root gives the role. */
export function isSignedInRole(jws: UnverifiedJws, kind: ObjectKind, { root, role }: Role): boolean {
  const jwk = root.roles[role].kids.includes(jws.kid) ? root.keys[jws.kid] : undefined;
  return jwk !== undefined && isSignedBy(jws, kind, publicKeyOf(jwk));
}

/**
 * Whether a JWS is an object of this kind, signed with a key that the root still names and gives no role any more: what was
 * on its way when the key was replaced. It counts no more than a stranger's; it only frightens nobody.
 */
export function isSignedByRetired(jws: UnverifiedJws, kind: ObjectKind, { keys, roles }: Root): boolean {
  const jwk = keys[jws.kid];
  const hasRole = Object.values(roles).some(({ kids }) => kids.includes(jws.kid));
  return jwk !== undefined && !hasRole && isSignedBy(jws, kind, publicKeyOf(jwk));
}

/** Whose signatures are good, by thumbprint: a key is the same key in whichever root it is named. */
function signersOf({ root, signatures }: SignedRoot, former: Root): ReadonlySet<string> {
  const keys = { ...former.keys, ...root.keys };
  const good = signatures.filter((jws) => {
    const jwk = keys[jws.kid];
    return jwk !== undefined && isSignedBy(jws, "root", publicKeyOf(jwk));
  });
  return new Set(good.map(({ kid }) => kid));
}

/** Whether as many different holders signed as a root asks for. */
function reachesThreshold(signers: ReadonlySet<string>, { roles }: Root): boolean {
  return roles.root.kids.filter((kid) => signers.has(kid)).length >= roles.root.threshold;
}

/** Whether a root may follow another: one version up, of the same organisation, epoch not down, signed by both. */
function mayFollow(former: Root, next: SignedRoot): boolean {
  const { root } = next;
  if (root.org !== former.org || root.version !== former.version + 1 || root.epoch < former.epoch)
    return false;
  const signers = signersOf(next, former);
  return reachesThreshold(signers, former) && reachesThreshold(signers, root);
}

/**
 * The newest root that the given ones lead to, step by step; protocol §6. Versions up to the present one are passed over:
 * whoever sends them cannot know how far we are.
 * @returns null when one of them does not follow: a version was skipped, too few holders of the old or of the new version
 *   signed, another organisation, an epoch that goes down, or no root at all.
 */
export function walkRoots(present: Root, signedRoots: readonly string[]): Root | null {
  let root = present;
  for (const signed of signedRoots) {
    const next = readSignedRoot(signed);
    if (next === null) return null;
    if (next.root.version <= root.version) continue;
    if (!mayFollow(root, next)) return null;
    root = next.root;
  }
  return root;
}

/**
 * The root at the end of a chain whose beginning is trusted for another reason: it came in an offer that only somebody
 * who knew the activation code could have made. The first one must be signed by its own holders.
 * @returns null when it is not, or when the rest does not follow.
 */
export function trustRoots(signedRoots: readonly string[]): Root | null {
  const [first, ...rest] = signedRoots;
  const start = first === undefined ? null : readSignedRoot(first);
  if (start === null || !reachesThreshold(signersOf(start, start.root), start.root)) return null;
  return walkRoots(start.root, rest);
}
