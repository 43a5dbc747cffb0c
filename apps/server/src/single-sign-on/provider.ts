// What is asked of a provider, and what is believed of it. Only this file knows the library. Everything that is asked goes
// over HTTPS, in so much time, for so many bytes, and follows no redirection.

import type { ProviderFailure } from "@lockstep/api";
import * as oidc from "openid-client";

import type { Identity } from "./store.ts";

/** The provider cannot be used as it is. */
export class ProviderFailed extends Error {
  readonly code: ProviderFailure;

  constructor(code: ProviderFailure, cause?: unknown) {
    super(`the provider fails: ${code}`, { cause });
    this.name = "ProviderFailed";
    this.code = code;
  }
}

/** What came back does not prove who it is. `told` is the provider's own error code, if it gave one. */
export class NotProven extends Error {
  readonly told: string | null;

  constructor(told: string | null, cause: unknown) {
    super("what the provider sent back proves nothing", { cause });
    this.name = "NotProven";
    this.told = told;
  }
}

export interface Settings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly claim: "preferred_username" | "email";
}

/** Whom the provider says it is. */
export interface Claimed extends Identity {
  /** The claim that may be a username; null where there is none, or the mail address is not verified. */
  readonly username: string | null;
}

const timeoutSeconds = 10;
const mostBytes = 512 * 1024;
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @param onLoopback for development: a provider on this machine without TLS. */
export function isPrivate(address: string, { onLoopback }: { onLoopback: boolean }): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (onLoopback && protocol === "http:" && loopback.test(hostname));
}

async function bytesOf(response: Response): Promise<Uint8Array | null> {
  if (response.body === null || [204, 205, 304].includes(response.status)) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > mostBytes) throw new ProviderFailed("too-large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Every address passes `isPrivate`, which the library cannot know. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- it is marked so only that it stands out
const withoutTls: (configuration: oidc.Configuration) => void = oidc.allowInsecureRequests;

const guarded =
  (place: { onLoopback: boolean }): oidc.CustomFetch =>
  async (address, { body, signal, ...options }) => {
    if (!isPrivate(address, place)) throw new ProviderFailed("not-private");
    const response = await fetch(address, {
      ...options,
      ...(body === undefined ? {} : { body: body as BodyInit | null }),
      ...(signal === undefined ? {} : { signal }),
    });
    const { status, headers } = response;
    return new Response((await bytesOf(response)) as BodyInit | null, { status, headers });
  };

/** The first of an error and its causes that fits. */
function causeOf<Kind>(error: unknown, fits: (each: unknown) => Kind | undefined): Kind | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const kind = fits(each);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

const named: Readonly<Record<string, ProviderFailure>> = {
  OAUTH_TIMEOUT: "timed-out",
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: "other-issuer",
};

function failureIn(error: unknown): ProviderFailure | undefined {
  return causeOf(error, (each) => {
    if (each instanceof ProviderFailed) return each.code;
    if (each instanceof oidc.ClientError && each.code !== undefined) return named[each.code];
    if (each instanceof Error && each.name === "TimeoutError") return "timed-out";
    // All that `fetch` says when nobody answers, or not over TLS as it should.
    return each instanceof TypeError && each.message === "fetch failed" ? "unreachable" : undefined;
  });
}

const asFailure = (error: unknown) => new ProviderFailed(failureIn(error) ?? "not-a-provider", error);

type Metadata = ReturnType<oidc.Configuration["serverMetadata"]>;

/** What a provider must have. @throws ProviderFailed. */
function refuseUnfit(metadata: Metadata, place: { onLoopback: boolean }): void {
  const { authorization_endpoint: door, token_endpoint: token, jwks_uri: keys } = metadata;
  const types = metadata.response_types_supported ?? ["code"];
  if (door === undefined || token === undefined || !types.includes("code"))
    throw new ProviderFailed("no-code-flow");
  if (keys === undefined) throw new ProviderFailed("no-signing-key");
  // The browser is sent to the first: it must be nothing but a page.
  for (const address of [door, token, keys]) {
    if (!URL.canParse(address) || !isPrivate(address, place)) throw new ProviderFailed("not-private");
  }
}

/** Sends the secret as the provider says that it takes it (OpenID Connect Discovery §3: else in the header). */
function authenticationBy(secret: string, { token_endpoint_auth_methods_supported: methods }: Metadata) {
  const inHeader = methods === undefined || methods.includes("client_secret_basic");
  return inHeader ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
}

/** @throws ProviderFailed. */
async function discover(issuer: string, place: { onLoopback: boolean }): Promise<Metadata> {
  if (!isPrivate(issuer, place)) throw new ProviderFailed("not-private");
  const found = await oidc
    .discovery(new URL(issuer), "nobody", undefined, oidc.None(), {
      timeout: timeoutSeconds,
      [oidc.customFetch]: guarded(place),
      ...(place.onLoopback ? { execute: [withoutTls] } : {}),
    })
    .catch((error: unknown) => {
      throw asFailure(error);
    });
  const metadata = found.serverMetadata();
  // The library lets some through that stand for many issuers: anybody could open one of those.
  if (new URL(metadata.issuer).href !== new URL(issuer).href) throw new ProviderFailed("other-issuer");
  refuseUnfit(metadata, place);
  return metadata;
}

/** What a provider says of itself. @throws ProviderFailed. */
export async function lookAt(issuer: string, place: { onLoopback: boolean }) {
  const metadata = await discover(issuer, place);
  const response = await guarded(place)(metadata.jwks_uri ?? "", {
    method: "GET",
    headers: { accept: "application/json" },
    body: undefined,
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  }).catch((error: unknown) => {
    throw asFailure(error);
  });
  const set: unknown = await response.json().catch(() => null);
  const keys = set !== null && typeof set === "object" && "keys" in set ? set.keys : null;
  if (!Array.isArray(keys) || keys.length === 0) throw new ProviderFailed("no-signing-key");
  return {
    authorizationAddress: metadata.authorization_endpoint ?? "",
    tokenAddress: metadata.token_endpoint ?? "",
    keys: keys.length,
    claims: metadata.claims_supported ?? [],
    hasPkce: metadata.code_challenge_methods_supported?.includes("S256") ?? false,
  };
}

/** A provider that was found, and this server as its client. */
export class Provider {
  readonly #configuration: oidc.Configuration;
  readonly #claim: Settings["claim"];

  private constructor(configuration: oidc.Configuration, claim: Settings["claim"]) {
    this.#configuration = configuration;
    this.#claim = claim;
  }

  /** @throws ProviderFailed. */
  static async find(settings: Settings, place: { onLoopback: boolean }): Promise<Provider> {
    const metadata = await discover(settings.issuer, place);
    const authentication = authenticationBy(settings.clientSecret, metadata);
    const configuration = new oidc.Configuration(metadata, settings.clientId, {}, authentication);
    configuration.timeout = timeoutSeconds;
    configuration[oidc.customFetch] = guarded(place);
    if (place.onLoopback) withoutTls(configuration);
    // The signature too, though what comes over TLS from the provider itself could be believed without.
    oidc.enableNonRepudiationChecks(configuration);
    return new Provider(configuration, settings.claim);
  }

  /** Where the browser goes. */
  async addressFor(
    attempt: { readonly state: string; readonly nonce: string; readonly verifier: string },
    returnAddress: string,
  ): Promise<string> {
    const { state, nonce, verifier } = attempt;
    const address = oidc.buildAuthorizationUrl(this.#configuration, {
      redirect_uri: returnAddress,
      scope: `openid ${this.#claim === "email" ? "email" : "profile"}`,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return address.href;
  }

  /**
   * Who it is, by what came back to the return address.
   * @throws NotProven, ProviderFailed.
   */
  async identify(
    returned: URL,
    { state, nonce, verifier }: { readonly state: string; readonly nonce: string; readonly verifier: string },
  ): Promise<Claimed> {
    try {
      const tokens = await oidc.authorizationCodeGrant(this.#configuration, returned, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new NotProven(null, null);
      const { iss: issuer, sub: subject } = claims;
      const own = claims[this.#claim] === undefined ? await this.#ask(tokens.access_token, subject) : claims;
      return { issuer, subject, username: usernameIn(own, this.#claim) };
    } catch (error) {
      throw inOurWords(error);
    }
  }

  /** Many providers tell more than the subject only when they are asked (OpenID Connect Core §5.3). */
  async #ask(token: string, subject: string): Promise<Readonly<Record<string, unknown>>> {
    if (this.#configuration.serverMetadata().userinfo_endpoint === undefined) return {};
    return oidc.fetchUserInfo(this.#configuration, token, subject);
  }
}

function usernameIn(claims: Readonly<Record<string, unknown>>, claim: Settings["claim"]): string | null {
  const value = claims[claim];
  if (typeof value !== "string" || value.trim() === "") return null;
  if (claim === "email" && claims["email_verified"] !== true) return null;
  return value.trim().toLowerCase();
}

function inOurWords(error: unknown): unknown {
  if (error instanceof NotProven) return error;
  const failure = failureIn(error);
  // A statement of another issuer is compared in the same way, and proves nothing.
  if (failure !== undefined && failure !== "other-issuer") return new ProviderFailed(failure, error);
  const told = causeOf(error, (each) => {
    const isTold = each instanceof oidc.ResponseBodyError || each instanceof oidc.AuthorizationResponseError;
    return isTold && /^[a-z_]{1,40}$/.test(each.error) ? each.error : undefined;
  });
  return new NotProven(told ?? null, error);
}
