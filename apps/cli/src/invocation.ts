// One run of the program: what was said on the command line and in the environment, who is signed in, and where.

import { organisations, type Organisation } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { asSent, connect, type Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { Failure, wrongUsage } from "./failure.ts";
import { pick } from "./naming.ts";
import { profilePath, readProfile, token as tokenShape, type Profile } from "./profile.ts";
import { say, sayJson } from "./terminal.ts";

/** What every command takes. */
export interface Options {
  readonly json?: true;
  readonly server?: string;
  readonly organisation?: string;
}

/** One organisation, on the server that has it. */
export interface Scope extends Pick<Connection, "call"> {
  readonly organisation: Organisation;
  readonly params: { readonly organisationId: OrganisationId };
}

/** @returns the server's origin. */
export function parseServer(text: string): string {
  const hint = "write it as https://lockstep.example or http://127.0.0.1:8480";
  if (!URL.canParse(text)) throw wrongUsage(`${text} is not the address of a server`, hint);
  const { origin, protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  const isWeb = protocol === "http:" || protocol === "https:";
  if (!isWeb || username !== "" || password !== "" || pathname !== "/" || search !== "" || hash !== "") {
    throw wrongUsage("a server's address is its protocol, name and port, and nothing more", hint);
  }
  if (protocol === "http:" && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) {
    throw wrongUsage("plain HTTP would show the token to everybody on the way", `https://${hostname}`);
  }
  return origin;
}

export class Invocation {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #options: () => Options;

  /** @param options read late, when the command line has been parsed. */
  constructor(environment: NodeJS.ProcessEnv, options: () => Options) {
    this.#environment = environment;
    this.#options = options;
  }

  get profilePath(): string {
    return profilePath(this.#environment);
  }

  /** The server that was named, else the one that somebody signed in to. */
  connection(): Connection {
    const profile = readProfile(this.profilePath);
    const named = this.#options().server ?? this.#variable("LOCKSTEP_SERVER");
    const server = named === undefined ? profile?.server : parseServer(named);
    if (server === undefined) {
      throw new Failure("nobody is signed in on this machine", "lockstep sign-in URL", exitCodes.notAllowed);
    }
    return connect(server, this.#tokenFor(server, profile));
  }

  /** The organisation that is named, here or with `--organisation`, else the only one there is besides offices. */
  async organisation(named = this.#options().organisation): Promise<Scope> {
    const { call } = this.connection();
    const { organisations: all } = await call(organisations.listOrganisations);
    const organisation = this.#pickOrganisation(all, named);
    return { call, organisation, params: { organisationId: organisation.id } };
  }

  /** The reply as it was sent, if `--json` asked for it; else the screen. */
  show(reply: object, screen: () => string): void {
    if (this.#options().json) sayJson(asSent(reply));
    else say(screen());
  }

  #variable(name: string): string | undefined {
    const value = this.#environment[name];
    return value === "" ? undefined : value;
  }

  /** A kept token is sent to the server that it was kept for, and to no other. */
  #tokenFor(server: string, profile: Profile | null): string {
    const given = this.#variable("LOCKSTEP_TOKEN");
    if (given !== undefined) {
      if (tokenShape.safeParse(given).success) return given;
      throw wrongUsage("LOCKSTEP_TOKEN holds no token", "a token is one word, as the server showed it once");
    }
    if (profile?.server === server) return profile.token;
    throw new Failure(`nobody is signed in to ${server}`, `lockstep sign-in ${server}`, exitCodes.notAllowed);
  }

  #pickOrganisation(all: readonly Organisation[], named: string | undefined): Organisation {
    if (named !== undefined) {
      return pick(all, named, {
        noun: "organisation",
        place: "that you may see",
        namesOf: ({ id, name }) => [id, name],
        labelOf: ({ id, name, authority }) => `${id} (${name} of ${authority ?? "the installation"})`,
        list: "all of them: lockstep organisations list",
      });
    }
    const [only, ...others] = all.filter(({ office }) => office === "none");
    if (only !== undefined && others.length === 0) return only;
    throw wrongUsage(
      only === undefined ? "there is no organisation that you may see" : "there are several organisations",
      only === undefined
        ? "lockstep organisations create NAME"
        : `say which: ${[only, ...others].map(({ name }) => `--organisation "${name}"`).join(", ")}`,
    );
  }
}
