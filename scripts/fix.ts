// `npm run fix`: what lint and format can mend by themselves.

import { runTool } from "./tool.ts";

const lint = await runTool("eslint", ["--fix", "."], { isLoud: true });
const format = await runTool("prettier", ["--write", "--log-level", "warn", "."], { isLoud: true });
process.exitCode = Math.max(lint.exitCode, format.exitCode);
