// Searches what a relay has written down for a word, however it could stand there.

/** In any case of letters: as text in UTF-8 and UTF-16, as hexadecimal digits, and as in an address. */
function spellings(word: string): Buffer[] {
  const bytes = Buffer.from(word);
  const texts = [word, bytes.toString("hex"), encodeURIComponent(word)].map((text) => Buffer.from(text));
  return [...texts, Buffer.from(word, "utf16le")];
}

/** As base64 of whatever it stands in: it may begin at any of three places. */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2]
    .map((shift) => {
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
      // Without the characters that depend on what stands before and after.
      return encoded.slice(shift === 0 ? 0 : shift + 1, -4);
    })
    .filter(({ length }) => length > 4)
    .flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")])
    .map((text) => Buffer.from(text));
}

function inLowerCase(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").toLowerCase(), "latin1");
}

export class Written {
  readonly #exact: Buffer;
  readonly #lower: Buffer;

  constructor(parts: readonly Uint8Array[]) {
    this.#exact = Buffer.concat(parts);
    this.#lower = inLowerCase(this.#exact);
  }

  /** Whether the word is there in any spelling. */
  has(word: string): boolean {
    return (
      spellings(word).some((spelling) => this.#lower.includes(inLowerCase(spelling))) ||
      base64Of(Buffer.from(word)).some((spelling) => this.#exact.includes(spelling))
    );
  }

  /** Whether an id is there: as text with its hyphens or without, or as its sixteen bytes in any spelling of them. */
  hasId(id: string): boolean {
    const digits = id.replaceAll("-", "");
    const bytes = Buffer.from(digits, "hex");
    const isText = [id, digits].some((text) => this.has(text));
    return isText || [bytes, ...base64Of(bytes)].some((spelling) => this.#exact.includes(spelling));
  }
}
