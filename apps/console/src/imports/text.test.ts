import { expect, test } from "vitest";

import { textOf } from "./text.ts";

test("a file in UTF-8 is read as it is, without the mark that some programs put first", () => {
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode("Émil")]);
  expect(textOf(bytes)).toEqual({ text: "Émil", encoding: "utf-8" });
});

test("a file of an older spreadsheet keeps its accents", () => {
  expect(textOf(new Uint8Array([0xc9, 0x6d, 0x69, 0x6c]))).toEqual({
    text: "Émil",
    encoding: "windows-1252",
  });
});

test("a file in UTF-16 is known by its mark", () => {
  expect(textOf(new Uint8Array([0xff, 0xfe, 0xc9, 0x00])).text).toBe("É");
  expect(textOf(new Uint8Array([0xfe, 0xff, 0x00, 0xc9])).text).toBe("É");
});
