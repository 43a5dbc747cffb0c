// The page may not evaluate text as code, so parsers are not compiled. Imported before any parser is made.

import { config } from "zod";

config({ jitless: true });
