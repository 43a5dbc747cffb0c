// The text of a file as people's programs write it: UTF-8 or UTF-16, and what older spreadsheets use.

export interface FileText {
  readonly text: string;
  /** What it had to be taken for, if it is not UTF-8. */
  readonly encoding: "utf-8" | "utf-16" | "windows-1252";
}

export function textOf(bytes: Uint8Array): FileText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: decode("utf-16le", bytes), encoding: "utf-16" };
  if (first === 0xfe && second === 0xff) return { text: decode("utf-16be", bytes), encoding: "utf-16" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    // Not UTF-8, so of a spreadsheet that writes what its system uses.
    return { text: decode("windows-1252", bytes), encoding: "windows-1252" };
  }
}

const decode = (encoding: string, bytes: Uint8Array): string => new TextDecoder(encoding).decode(bytes);
