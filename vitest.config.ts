// One runner for everything. Tests that need PostgreSQL share one server of the run (globalSetup) and
// clone a database of their own from its template.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "e2e/**/*.test.ts"],
    globalSetup: ["apps/server/src/db/testing/cluster.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes, however much else the machine has to do.
    expect: { poll: { timeout: 30_000 } },
    // Most of a test waits for processes of its own, so that a core less would only make all take longer.
    maxWorkers: "100%",
    sequence: { shuffle: false },
    passWithNoTests: false,
  },
});
