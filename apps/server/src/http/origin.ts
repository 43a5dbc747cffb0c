// Under which addresses the server answers, and to which pages.

import { Refusal } from "../refusal.ts";

/** How people reach the server: plain HTTP on its own machine, or the HTTPS address of the proxy before it. */
export interface PublicOrigin {
  /** Null for whatever port it listens on, on this machine. */
  readonly origin: string | null;
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export function isSecure({ origin }: PublicOrigin): boolean {
  return origin?.startsWith("https:") ?? false;
}

/**
 * A page from elsewhere that is open in somebody's browser may not call: not under a name that it has pointed at
 * this machine (DNS rebinding), and not from its own origin. It may lead here, as a link in a mail does.
 * @throws Refusal origin_refused.
 */
export function refuseStrangers(
  { origin }: PublicOrigin,
  { url, headers }: { url: string; headers: Readonly<Record<string, string | string[] | undefined>> },
): void {
  const { host, origin: from } = headers;
  const site = headers["sec-fetch-site"];
  const isOurName =
    typeof host === "string" && (loopback.test(host) || (origin !== null && new URL(origin).host === host));
  const ours = [`http://${String(host)}`, origin];
  const isOurPage =
    (from === undefined || ours.includes(String(from))) &&
    (site === undefined || site === "same-origin" || site === "none" || !url.startsWith("/api/"));
  if (!isOurName || !isOurPage) throw new Refusal("origin_refused");
}
