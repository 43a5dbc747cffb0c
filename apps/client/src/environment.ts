// The environment, parsed once. Nothing else reads process.env.

import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import { z } from "zod";

import { wrongUsage } from "./failure.ts";

/** What the environment says of where things are. */
export interface Environment {
  /** The folder that has a folder for each profile. */
  readonly home: string;
  /** A private folder that is gone when the user signs out of the system. */
  readonly runtimeFolder: string | null;
  /** From bin.js: where the program was called. */
  readonly calledFrom: string | null;
}

const given = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text === "" ? null : text));

/** The XDG Base Directory Specification: a relative path is to be ignored. */
const xdg = given.transform((path) => (path !== null && isAbsolute(path) ? path : null));

const variables = z.object({
  LOCKSTEP_CLIENT_HOME: given,
  XDG_DATA_HOME: xdg,
  XDG_RUNTIME_DIR: xdg,
  LOCKSTEP_FOLDER: given,
});

/** @throws Failure when LOCKSTEP_CLIENT_HOME is a relative path, which would be another folder each time. */
export function parseEnvironment(environment: NodeJS.ProcessEnv): Environment {
  const parsed = variables.parse(environment);
  const named = parsed.LOCKSTEP_CLIENT_HOME;
  if (named !== null && !isAbsolute(named)) {
    throw wrongUsage(`${named} is no whole path (LOCKSTEP_CLIENT_HOME)`, "begin it with a slash");
  }
  const data = parsed.XDG_DATA_HOME ?? join(homedir(), ".local", "share");
  return {
    home: named ?? join(data, "lockstep"),
    runtimeFolder: parsed.XDG_RUNTIME_DIR,
    calledFrom: parsed.LOCKSTEP_FOLDER,
  };
}
