import { expect, test } from "vitest";

import { newRecoveryCodes, recoveryHashOf, stepOf, waitAfter } from "./codes.ts";

// RFC 6238, appendix B: the secret of SHA-1 is "12345678901234567890", here in base32. Its codes have eight digits; ours
// are the last six of them (RFC 4226 §5.3: the remainder of a division by a power of ten).
// cspell:disable-next-line -- base32
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const vectors = [
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
] as const;

test.each(vectors)("RFC 6238: at second %i the code ends in that of %s", (second, code) => {
  const step = Math.floor(second / 30);
  expect(stepOf(secret, code.slice(2), new Date(second * 1000))).toBe(step);
});

test("a code counts in its own time step, in the one before and in the one after, to the second", () => {
  const [, , [second, code]] = vectors;
  const step = Math.floor(second / 30);
  const at = (seconds: number) => stepOf(secret, code.slice(2), new Date(seconds * 1000));
  const begins = step * 30;
  expect([at(begins - 31), at(begins - 30), at(begins), at(begins + 29), at(begins + 59)]).toEqual([
    null,
    step,
    step,
    step,
    step,
  ]);
  expect(at(begins + 60)).toBeNull();
});

test("what is no code of six digits is no code", () => {
  for (const code of ["", "28708", "2870820", "abcdef", "٢٨٧٠٨٢", "94287082"])
    expect(stepOf(secret, code, new Date(59_000))).toBeNull();
});

test("ten recovery codes are all different, and may be written as people write", () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const carelessly = code.toLowerCase().replace(/-/g, "").replace(/1/g, "l").replace(/0/g, "o");
    expect(recoveryHashOf(carelessly)).toEqual(recoveryHashOf(code));
  }
  for (const text of ["123456", "", "0000-0000-0000-000U", "0000-0000-0000-00000"])
    expect(recoveryHashOf(text)).toBeNull();
});

test("after five wrong codes one waits, twice as long each time, and never longer than a day", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const minutes = (wrong: number) => ((waitAfter(wrong, now) ?? now).getTime() - now.getTime()) / 60_000;
  expect([4, 5, 6, 7, 15, 16, 1000].map(minutes)).toEqual([0, 1, 2, 4, 1024, 1440, 1440]);
});
