// Licences by names made of what they are, because nobody gave them one: product/edition/term/last day.

import { licences, type Licence } from "@lockstep/api";
import type { LicenceId } from "@lockstep/core";

import type { Scope } from "./invocation.ts";
import { counted } from "./layout.ts";
import { pick, sameName } from "./naming.ts";

/** From the shortest to the longest. */
function formsOf({ productId, edition, term, validUntil }: Licence): string[] {
  const parts = [productId, edition, term, validUntil ?? "never"];
  return parts.map((_part, last) => parts.slice(0, last + 1).join("/"));
}

/** Product, edition and term, and as much more as it takes to tell it from the others. */
export function licenceName(licence: Licence, all: readonly Licence[]): string {
  const others = all.filter(({ id }) => id !== licence.id).flatMap(formsOf);
  const isOwn = (form: string) => !others.some((other) => sameName(other, form));
  return formsOf(licence).slice(2).find(isOwn) ?? licence.id;
}

export function licenceSentence(licence: Licence): string {
  const { productId, edition, term, seats, seatsTaken, validUntil, state } = licence;
  const until = validUntil === null ? "without end" : `until ${validUntil}`;
  const free = `${seats - seatsTaken} of ${counted(seats, "seat")} free`;
  return `${productId}/${edition}/${term}: ${free}, ${until}, ${state}.`;
}

export class LicenceList {
  readonly licences: readonly Licence[];
  readonly #place: string;

  constructor(all: readonly Licence[], organisation: string) {
    this.licences = all;
    this.#place = `in ${organisation}`;
  }

  nameOf(id: LicenceId): string {
    const licence = this.licences.find((each) => each.id === id);
    return licence === undefined ? id : licenceName(licence, this.licences);
  }

  pick(text: string): Licence {
    return pick(this.licences, text, {
      noun: "licence",
      place: this.#place,
      namesOf: (licence) => [licence.id, ...formsOf(licence)],
      labelOf: (licence) => licenceName(licence, this.licences),
      list: "all of them: lockstep licences list",
    });
  }
}

export async function loadLicences({ call, params, organisation }: Scope): Promise<LicenceList> {
  const { licences: all } = await call(licences.listLicences, { params });
  return new LicenceList(all, organisation.name);
}
