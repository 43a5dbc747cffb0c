// How many users counts are of, those without an account or a status left out.

import type { Counts } from "@lockstep/api";

export function totalOf({ encryption }: Counts): number {
  return Object.values(encryption).reduce((sum, count) => sum + count, 0);
}
