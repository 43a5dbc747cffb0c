// Values as they are typed on the command line, read once.

import { InvalidArgumentError } from "commander";

/** The name of a profile, which is a folder's too: it can neither leave its place nor be hidden. */
export function profileName(text: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u.test(text)) return text;
  throw new InvalidArgumentError("it is letters, digits and dashes, 64 at most");
}

/** A relay's address; what was typed after the host is kept. */
export function relayAddress(text: string): string {
  const example = "it is an address like https://relay.example.org";
  if (!URL.canParse(text)) throw new InvalidArgumentError(example);
  const { protocol, hostname, username, password } = new URL(text);
  const isHere = protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (username !== "" || password !== "" || !(protocol === "https:" || isHere))
    throw new InvalidArgumentError(example);
  return text;
}

/** Seconds to wait. */
export function seconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("it is a whole number of seconds");
}
