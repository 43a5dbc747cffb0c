// The codes of an authenticator app (TOTP, RFC 6238: SHA-1, 30 seconds, six digits, as every app knows it), and the
// recovery codes that stand for them.

import { createHash, randomBytes } from "node:crypto";

import { generateSecret, generateURI, verifySync } from "otplib";

const stepSeconds = 30;

/** 160 bits in base32, as RFC 4226 §4 (R6) recommends. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** What an app reads from a QR code. */
export function totpAddress(secret: string, username: string): string {
  return generateURI({ issuer: "Lockstep", label: username, secret });
}

/**
 * The time step whose code this is, of the present one and those just before and after it (RFC 6238 §5.2).
 * @returns null for a code of none of them.
 */
export function stepOf(secret: string, code: string, at: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const epoch = Math.floor(at.getTime() / 1000);
  const window: [number, number] = [(epoch % stepSeconds) + 1, stepSeconds - (epoch % stepSeconds)];
  const found = verifySync({ secret, token: code, epoch, epochTolerance: window });
  return found.valid && "timeStep" in found ? found.timeStep : null;
}

/** Crockford's base32: no I, L, O and U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const symbols = 16;
const recoveryCode = new RegExp(`^[${alphabet}]{${symbols}}$`);
const made = 10;

/** Ten codes of 80 random bits, as they are shown: `XXXX-XXXX-XXXX-XXXX`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: made }, () => {
    const text = Array.from(randomBytes(symbols), (byte) => alphabet.charAt(byte & 31)).join("");
    return text.replace(/(.{4})(?=.)/g, "$1-");
  });
}

/** Enough random bits that a fast hash is as good as a slow one. @returns null for what is no recovery code. */
export function recoveryHashOf(code: string): Buffer | null {
  const plain = code.replace(/-/g, "").toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
  if (!recoveryCode.test(plain)) return null;
  return createHash("sha256").update(plain).digest();
}

const freeWrongCodes = 5;
const minute = 60_000;
const longestMinutes = 24 * 60;

/** Until when no code of the app is looked at, after so many wrong ones; null while nobody has to wait. */
export function waitAfter(wrongCodes: number, at: Date): Date | null {
  if (wrongCodes < freeWrongCodes) return null;
  const minutes = Math.min(2 ** (wrongCodes - freeWrongCodes), longestMinutes);
  return new Date(at.getTime() + minutes * minute);
}
