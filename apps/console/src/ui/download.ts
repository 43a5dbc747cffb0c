// Hands a text to the browser to be saved.

interface Named {
  /** What the file is of; the day is added. */
  readonly of: string;
  readonly ending: string;
  readonly type: string;
}

export function download(text: string, { of, ending, type }: Named): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${of} ${new Date().toISOString().slice(0, 10)}.${ending}`.replaceAll(
    /[^\p{L}\p{N}.]+/gu,
    "-",
  );
  link.click();
  URL.revokeObjectURL(address);
}
