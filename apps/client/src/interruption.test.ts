import { afterEach, expect, test } from "vitest";

import { stopSignal } from "./interruption.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const before = new Map(signals.map((name) => [name, process.listeners(name)]));
afterEach(() => {
  for (const name of signals)
    for (const listener of process.listeners(name))
      if (!before.get(name)?.includes(listener)) process.off(name, listener);
});

test.each(signals)("%s aborts the work, and says what to do", (name) => {
  const signal = stopSignal("the same command goes on");
  process.emit(name, name);
  expect(signal.reason).toMatchObject({
    message: "stopped",
    hint: "the same command goes on",
    exitCode: 130,
  });
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s from systemd and again from npm's wrapper is no haste",
  (name) => {
    const signal = stopSignal("");
    for (let time = 0; time < 2; time += 1) {
      // Without a listener the process would end here and now.
      expect(process.emit(name, name)).toBe(true);
      expect(process.listeners(name).length).toBe((before.get(name)?.length ?? 0) + 1);
    }
    expect(signal.aborted).toBe(true);
  },
);

test("Ctrl-C a second time ends the program at once", () => {
  stopSignal("");
  process.emit("SIGINT", "SIGINT");
  expect(process.listeners("SIGINT")).toEqual(before.get("SIGINT"));
});
