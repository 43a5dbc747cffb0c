// Which import is looked at.

import { isId } from "@lockstep/core";
import { z } from "zod";

import type { ImportId } from "../api.ts";

const importId = z.custom<ImportId>(isId);

const importSearch = z.object({ import: importId.optional().catch(undefined) });

export const parseImportSearch = (parameters: Record<string, unknown>): z.output<typeof importSearch> =>
  importSearch.parse(parameters);
