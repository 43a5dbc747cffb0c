#!/usr/bin/env node
// The program `lockstep-client` as npm installs it: src/main.ts on the pinned Node.js, wherever it is called from.
// Plain JavaScript for an old Node.js, as tools/run.mjs is, which starts the program in the repository's folder.

process.env.LOCKSTEP_FOLDER = process.cwd();
process.argv.splice(2, 0, "apps/client/src/main.ts");
await import("../../tools/run.mjs");
