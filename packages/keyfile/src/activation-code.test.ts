import fc from "fast-check";
import { expect, test } from "vitest";

import {
  ActivationCodeError,
  activationKeysOf,
  activationLink,
  comparisonDigits,
  formatActivationCode,
  newActivationSecret,
  parseActivationCode,
  parseActivationLink,
} from "./activation-code.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const secret = Uint8Array.from({ length: 15 }, (_, at) => at * 17);
const code = formatActivationCode(secret);

/** What is wrong with a code, or null when nothing is. */
function problem(text: string): ActivationCodeError | null {
  try {
    parseActivationCode(text);
    return null;
  } catch (error) {
    if (error instanceof ActivationCodeError) return error;
    throw error;
  }
}

const anySecret = fc.uint8Array({ minLength: 15, maxLength: 15 });

test("a code is five groups of five characters and carries 120 bits", () => {
  expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(parseActivationCode(code)).toEqual(secret);
  expect(formatActivationCode(new Uint8Array(15))).toBe("00000-00000-00000-00000-00000");
  expect(newActivationSecret()).toHaveLength(15);
  expect(newActivationSecret()).not.toEqual(newActivationSecret());
  expect(() => formatActivationCode(new Uint8Array(16))).toThrow("expected 15 bytes");
});

test("every secret is read back from its code", () => {
  fc.assert(
    fc.property(anySecret, (bytes) => {
      expect(parseActivationCode(formatActivationCode(bytes))).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test("small letters, missing or other hyphens, spaces, I and L for 1 and O for 0 are no mistakes", () => {
  const ones = formatActivationCode(Buffer.alloc(15, 0b00001000));
  const spellings = [
    code.toLowerCase(),
    code.replaceAll("-", ""),
    code.replaceAll("-", " "),
    code.replaceAll("-", "–"),
    `  ${code.replaceAll("-", " - ")}\n`,
    code.replaceAll("0", "O"),
    code.replaceAll("0", "o"),
  ];
  for (const spelling of spellings) expect(parseActivationCode(spelling), spelling).toEqual(secret);
  expect(ones).toContain("1");
  for (const one of ["I", "i", "L", "l"]) {
    expect(parseActivationCode(ones.replaceAll("1", one))).toEqual(new Uint8Array(15).fill(0b00001000));
  }
});

/** A code without hyphens in which one character is another. */
function withCharacter(characters: string, at: number, character: string): string {
  return characters.slice(0, at) + character + characters.slice(at + 1);
}

test("INV-24: every single mistyped character is named as a typing mistake: all 775 of a code, and of random ones", () => {
  const expectAllNamed = (bytes: Uint8Array) => {
    const characters = formatActivationCode(bytes).replaceAll("-", "");
    for (let at = 0; at < 25; at++) {
      for (const character of alphabet.replace(characters.charAt(at), "")) {
        expect(problem(withCharacter(characters, at, character))?.code).toBe("code-typo");
      }
    }
  };
  expectAllNamed(secret);
  fc.assert(fc.property(anySecret, expectAllNamed), { numRuns: 20 });
});

test("INV-24: every two characters that changed places are named as a typing mistake, neighbours or not", () => {
  const expectAllNamed = (bytes: Uint8Array) => {
    const characters = formatActivationCode(bytes).replaceAll("-", "");
    for (let one = 0; one < 25; one++) {
      for (let other = one + 1; other < 25; other++) {
        const [a, b] = [characters.charAt(one), characters.charAt(other)];
        if (a === b) continue;
        const swapped = withCharacter(withCharacter(characters, one, b), other, a);
        expect(problem(swapped)?.code, `${one} and ${other}`).toBe("code-typo");
      }
    }
  };
  expectAllNamed(secret);
  fc.assert(fc.property(anySecret, expectAllNamed), { numRuns: 40 });
});

/** The code of 24 symbols. */
function codeOf(symbols: readonly number[]): string {
  const bits = symbols.map((symbol) => symbol.toString(2).padStart(5, "0")).join("");
  const bytes = Array.from({ length: 15 }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2));
  return formatActivationCode(Uint8Array.from(bytes)).replaceAll("-", "");
}

test("each pair of characters in each pair of neighbouring places shows when it changes places", () => {
  let tried = 0;
  for (let pair = 0; pair < 32 * 32; pair++) {
    const [one, other] = [pair >> 5, pair & 31];
    for (let at = 0; at < 24; at++) {
      const symbols = new Array<number>(24).fill(0);
      symbols[at] = one;
      // The last place is the check symbol's, and the first symbol gives it each of its values.
      symbols[at < 23 ? at + 1 : 0] = other;
      const characters = codeOf(symbols);
      const [a, b] = [characters.charAt(at), characters.charAt(at + 1)];
      if (a === b) continue;
      tried += 1;
      const swapped = characters.slice(0, at) + b + a + characters.slice(at + 2);
      if (problem(swapped)?.code !== "code-typo") expect.fail(`${characters} at ${at}`);
    }
  }
  expect(tried).toBe(24 * 32 * 31);
});

test("a missing character, one too many and one that no code has are told apart, and the place is named", () => {
  expect(problem(code.slice(0, -1))).toMatchObject({ code: "code-too-short", at: null });
  expect(problem("")).toMatchObject({ code: "code-too-short" });
  expect(problem(`${code}0`)).toMatchObject({ code: "code-too-long", at: null });
  expect(problem(withCharacter(code, 0, "U"))).toMatchObject({ code: "code-character", at: 1 });
  expect(problem(withCharacter(code, 7, "!"))).toMatchObject({ code: "code-character", at: 7 });
  expect(problem(withCharacter(code, 7, "é"))?.message).toBe(
    "A code has no such character. It has digits and letters, and no U.",
  );
});

test("a link carries code and relays behind the #, where no browser sends them", () => {
  const link = {
    code,
    relays: ["https://relay.northwind.example/", "https://second.northwind.example/r?a=1&b=2"],
  };
  for (const text of [
    activationLink(link),
    activationLink(link, "https://northwind.example/activate?lang=en"),
  ]) {
    expect(parseActivationLink(text)).toEqual(link);
    expect(text.slice(0, text.indexOf("#"))).not.toContain(code);
  }
  expect(activationLink(link)).toMatch(/^lockstep:activate#code=/);
  expect(parseActivationLink(activationLink({ code, relays: [] })).relays).toEqual([]);
});

test("a link of another kind, without a code, with two of them or to a relay without HTTPS is no activation link", () => {
  const wrong = [
    "",
    code,
    `mailto:activate#code=${code}`,
    `http://northwind.example/#code=${code}`,
    `https://northwind.example/?code=${code}`,
    "lockstep:activate",
    `lockstep:activate#code=${code}&code=${code}`,
    `lockstep:activate#code=${code}&relay=http://relay.northwind.example`,
    `lockstep:activate#code=${code}&relay=javascript:0`,
  ];
  for (const text of wrong) {
    expect(() => parseActivationLink(text), text).toThrow("This is not an activation link.");
  }
});

test("five keys grow from a code, none of which tells of another or of the code", () => {
  const keys = activationKeysOf(secret);
  expect(activationKeysOf(secret)).toEqual(keys);
  const all = Object.values(keys).map((key: Uint8Array) => Buffer.from(key).toString("hex"));
  expect(new Set(all).size).toBe(5);
  expect(all.map((key) => key.length)).toEqual([64, 64, 64, 64, 64]);
  // The same as Python's hmac gives by RFC 5869. Server and workstation must agree for ever.
  expect(all).toMatchInlineSnapshot(`
    [
      "793df640ef5a0525a3cd82da7b540bb107142949523f3a10e671e21a77430352",
      "26472934a6faaacfd6ca7488dee651e6df65a18f71ea77bcda2030435fecde0b",
      "71bb5e7a2f20e1a51399b0bd4a7ccf618f48953e02b6be9b726d9ecd1b3826fd",
      "6cb003b0c114253d64c4dbbe9fb9150dccea153a9822569c71105729ce2e5a41",
      "47756b5724abab98b4331a88d9bff54771a4d953957ec14a7c702e488e5bff8a",
    ]
  `);
});

test("the digits that two people compare differ when the device does", () => {
  const { sas } = activationKeysOf(secret);
  const digits = comparisonDigits(sas, "a".repeat(64));
  expect(digits).toMatch(/^\d{6}$/);
  expect(comparisonDigits(sas, "b".repeat(64))).not.toBe(digits);
});
