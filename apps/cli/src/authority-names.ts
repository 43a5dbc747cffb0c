// Authorities by their names, for whoever sees organisations of theirs.

import type { Organisation } from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";

import { wrongUsage } from "./failure.ts";
import { pick } from "./naming.ts";

interface KnownAuthority {
  readonly id: AuthorityId;
  readonly name: string;
}

/** As far as their organisations and offices are to be seen. */
function authoritiesOf(all: readonly Organisation[]): KnownAuthority[] {
  const known = all.flatMap(({ authorityId, authority }) =>
    authorityId === null
      ? []
      : ([[authorityId, { id: authorityId, name: authority ?? authorityId }]] as const),
  );
  return [...new Map(known).values()];
}

/** The one that was named, or the only one. @throws Failure. */
export function pickAuthority(all: readonly Organisation[], named: string | undefined): KnownAuthority {
  const known = authoritiesOf(all);
  const [only, ...others] = known;
  if (named === undefined && others.length > 0) {
    const names = known.map((each) => `--authority "${each.name}"`).sort();
    throw wrongUsage("there are several authorities", `say which: ${names.join(", ")}`);
  }
  if (named === undefined && only !== undefined) return only;
  return pick(known, named ?? "", {
    noun: "authority",
    place: "that you may see",
    namesOf: ({ id, name }) => [id, name],
    labelOf: ({ id }) => id,
    list: "all of them: lockstep organisations list",
  });
}
