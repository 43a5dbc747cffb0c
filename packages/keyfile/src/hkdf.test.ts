import { expect, test } from "vitest";

import { derive } from "./hkdf.ts";
import { mailboxOf } from "./mailbox.ts";

const hex = (digits: string) => Buffer.from(digits, "hex");
const counting = (from: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, at) => from + at));

// RFC 5869 §A.1 to §A.3, the three with SHA-256.
const vectors = [
  [
    "A.1, basic",
    { secret: Buffer.alloc(22, 0x0b), salt: counting(0, 13), info: counting(0xf0, 10) },
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  ],
  [
    "A.2, longer",
    { secret: counting(0, 80), salt: counting(0x60, 80), info: counting(0xb0, 80) },
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  ],
  [
    "A.3, without salt and info",
    { secret: Buffer.alloc(22, 0x0b), salt: "", info: "" },
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  ],
] as const;

test.each(vectors)("RFC 5869 §%s", (_, { secret, salt, info }, output) => {
  const bytes = hex(output).length;
  expect(derive(secret, { salt, info, bytes }).toString("hex")).toBe(output);
});

test("both ends of a mailbox grow the same keys and slots from its secret, and reading is not writing", () => {
  const mailbox = mailboxOf(Buffer.alloc(32, 9));
  // The same as Python's hmac gives by RFC 5869. Server and workstation must agree for ever.
  const texts = [mailbox.read.d, mailbox.write.d];
  expect(texts.map((text) => Buffer.from(text, "base64url").toString("hex"))).toMatchInlineSnapshot(`
    [
      "352ce135233266e720558eee155f66f9e8c4af366d2631fa4ed0453ea9b90ec9",
      "0d8097c25219bd97d2309fd37bd1912c3b2b2d414d2dd749202702c7b7fe0cb1",
    ]
  `);
  expect(mailbox.read.x).not.toBe(mailbox.write.x);
  expect(mailboxOf(Buffer.alloc(32, 10)).read.x).not.toBe(mailbox.read.x);
  expect(() => mailboxOf(Buffer.alloc(31))).toThrow("expected 32 bytes");
});

test("the slots of a mailbox are numbers without a meaning, and two uses never share one", () => {
  const { slotOf } = mailboxOf(Buffer.alloc(32, 9));
  const slots = (["offer", "key-file", "orders", "pulse"] as const).map(slotOf);
  // The same as Python's hmac gives.
  expect(slots).toMatchInlineSnapshot(`
    [
      1587455606,
      886441110,
      688789401,
      1462519234,
    ]
  `);
  const answers = [slotOf({ answerTo: "a" }), slotOf({ answerTo: "b" })];
  expect(new Set([...slots, ...answers]).size).toBe(6);
  expect(mailboxOf(Buffer.alloc(32, 10)).slotOf("offer")).not.toBe(slots[0]);
});
