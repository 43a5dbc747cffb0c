import fc from "fast-check";
import { expect, test } from "vitest";

import { jsonDepth, jsonSizeBytes, parseStrictJson, StrictJsonError, type Json } from "./strict-json.ts";

function parse(text: string | Uint8Array): Json {
  return parseStrictJson(typeof text === "string" ? Buffer.from(text) : text);
}

function isRefused(text: string | Uint8Array): boolean {
  try {
    parse(text);
    return false;
  } catch (error) {
    if (error instanceof StrictJsonError) return true;
    throw error;
  }
}

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

// After the categories of nst/JSONTestSuite: what every reader must accept.
const accepted: Readonly<Record<string, readonly string[]>> = {
  structure: ["null", "true", "false", '"text"', "42", " [] ", "\t\r\n{}\n", '""'],
  array: [
    "[]",
    "[[]]",
    '[""]',
    "[ 1 ]",
    '[null,1,"2",{}]',
    "[1\n]",
    "[1,2,3]",
    "[null,null]",
    nested(jsonDepth),
  ],
  object: [
    "{}",
    '{"":0}',
    '{"a":[]}',
    '{"a" : {"b":"c"}}',
    '{"a":1,"A":2}',
    '{"\\u0061":1,"b":2}',
    '{"a":1 , "b":2}',
  ],
  number: ["0", "-1", "[20 ]", "9007199254740991", "-9007199254740991", "123"],
  string: [
    String.raw`"\" \\ \/ \b \f \n \r \t"`,
    String.raw`"\u0060\u012a\u12AB"`,
    String.raw`"\uD801\udc37"`,
    String.raw`"\u0000"`,
    String.raw`"\u0022"`,
    String.raw`"\\u0000"`,
    '"\u007F"',
    '"\u2028\u2029"',
    '"€𝄞"',
    '"\uFFFF"',
    '"a/*b*/c"',
  ],
};

// What every reader must refuse.
const refused: Readonly<Record<string, readonly string[]>> = {
  structure: [
    "",
    " ",
    "nul",
    "null1",
    "TRUE",
    "NaN",
    "Infinity",
    "undefined",
    "[]x",
    "1 2",
    "{}{}",
    "'a'",
    "\u0000",
    "\u2060[]",
    "[]\f",
    "\v[]",
    "/*c*/1",
    "1//c",
    "[\u00A0]",
    "<.>",
    "]",
    "}",
    "{]",
    "[}",
  ],
  array: [
    "[",
    "[1",
    "[1,",
    "[,1]",
    "[1,]",
    "[1,,2]",
    "[,]",
    "[1 2]",
    "[1:2]",
    "[[]",
    "[3[4]]",
    "[1]]",
    '["a',
    "[ \f]",
  ],
  object: [
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    '{"a" "b"}',
    '{"a"::1}',
    '{"a":1 "b":2}',
    "{null:null}",
    '{"a",1}',
    '{"a":}',
    "{[]:1}",
    '{"a":1}#',
  ],
  number: [
    "+1",
    "-",
    "--1",
    "- 1",
    "01",
    "-01",
    "00",
    "012",
    ".5",
    "1.",
    "1.e1",
    "0x1F",
    "1_000",
    "1e",
    "1e+",
    "0e",
    "1a",
    "-a",
    "１",
    "-Infinity",
    "+Inf",
    "1 000",
  ],
  string: [
    '"',
    '"a',
    '"\t"',
    '"\n"',
    '"\u0000"',
    '"\u001f"',
    String.raw`"\x00"`,
    String.raw`"\a"`,
    String.raw`"\u12"`,
    String.raw`"\u123g"`,
    String.raw`"\U0041"`,
    String.raw`"\ "`,
    '"\\',
    String.raw`"\0"`,
    String.raw`"\u"`,
    "'text'",
  ],
};

// What JSON leaves to the reader or allows, and strict JSON refuses because readers differ.
const refusedHere: Readonly<Record<string, readonly string[]>> = {
  "a fraction or an exponent": ["0.1", "1.0", "-0.0", "1e2", "1E+2", "[123e65]", "1e0", "0e1"],
  "a number that a double cannot tell from its neighbour": [
    "9007199254740992",
    "-9007199254740992",
    "100000000000000000000",
    "1".repeat(400),
  ],
  "minus zero": ["-0", "[-0]"],
  "a name twice": [
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"a":1,"a":2}}',
    '{"":0,"":0}',
  ],
  "a name that would be the prototype": [
    '{"__proto__":{}}',
    '{"a":{"__proto__":1}}',
    '{"\\u005f_proto__":1}',
  ],
  "half a surrogate pair": [
    String.raw`"\uDADA"`,
    String.raw`"\uDFAA"`,
    String.raw`"\uD888\u1234"`,
    String.raw`"\uDd1e\uD834"`,
    String.raw`{"\uD800":1}`,
  ],
  "more depth": [
    nested(jsonDepth + 1),
    '{"a":'.repeat(jsonDepth + 1) + "1" + "}".repeat(jsonDepth + 1),
    "[".repeat(100_000),
  ],
  "a byte order mark": ["\uFEFF{}", "\uFEFF"],
};

test.each(Object.entries(accepted))(
  "strict JSON reads what JSON allows as %s, as JSON.parse does",
  (_, texts) => {
    for (const text of texts) expect(parse(text), text).toEqual(JSON.parse(text));
  },
);

test.each(Object.entries(refused))("strict JSON refuses what is no JSON as %s", (_, texts) => {
  for (const text of texts) expect(isRefused(text), text).toBe(true);
});

test.each(Object.entries(refusedHere))(
  "strict JSON refuses %s, which readers read differently",
  (_, texts) => {
    for (const text of texts) expect(isRefused(text), text.slice(0, 80)).toBe(true);
  },
);

test("strict JSON is UTF-8 and nothing else", () => {
  const broken = ["ff", "c0af", "e0", "eda080", "f8888080", "80", "fc8080808080", "c3"].map((bytes) =>
    Buffer.concat([Buffer.from('"'), Buffer.from(bytes, "hex"), Buffer.from('"')]),
  );
  for (const bytes of [...broken, Buffer.from('"ü"', "latin1"), Buffer.from("[]", "utf16le")]) {
    expect(isRefused(bytes), bytes.toString("hex")).toBe(true);
  }
});

test("strict JSON reads 192 KiB and not a byte more", () => {
  const text = (bytes: number) => `"${"a".repeat(bytes - 2)}"`;
  expect(isRefused(text(jsonSizeBytes))).toBe(false);
  expect(isRefused(text(jsonSizeBytes + 1))).toBe(true);
  expect(isRefused(`"${String.raw`\"`.repeat(jsonSizeBytes / 2 - 1)}"`)).toBe(false);
});

test("members named like those of every object are members like others", () => {
  const text = '{"constructor":1,"toString":2,"hasOwnProperty":3}';
  expect(parse(text)).toEqual({ constructor: 1, toString: 2, hasOwnProperty: 3 });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc
    .array(fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "1", "-", ".", "e", "a", " ", "null"), {
      maxLength: 12,
    })
    .map((parts) => parts.join("")),
);

test("whatever strict JSON accepts, JSON.parse reads the same", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      if (!isRefused(text)) expect(parse(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 3000 },
  );
});

const strictValue = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false),
    fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      tie("value"),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

test("what is written as JSON, of whole numbers and texts, is read back", () => {
  fc.assert(
    fc.property(strictValue, (value) => {
      expect(parse(JSON.stringify(value))).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});
