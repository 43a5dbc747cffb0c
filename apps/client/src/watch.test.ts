// The program in the background: what it says, and how it ends.

import { afterAll, expect, onTestFinished, test } from "vitest";

import { Organisation, order } from "../../../packages/workstation/src/testing/organisation.ts";
import { useRelay } from "../../relay/src/testing/relay.ts";
import { Machine } from "./testing/machine.ts";
import { activatedOn } from "./testing/office.ts";

const relay = useRelay();
const machine = new Machine();
afterAll(() => machine.remove());

test("watch syncs when the relay rings, says so in a line, and ends cleanly with SIGTERM", async () => {
  const organisation = new Organisation(relay);
  const activation = await activatedOn(machine, organisation);
  const child = machine.start(["watch"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let lines = "";
  let step = 0;
  const ended = Promise.withResolvers<number | null>();
  child.on("close", (code) => ended.resolve(code));
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    lines += text;
    if (step === 0 && lines.includes(" synced")) {
      step = 1;
      void organisation.order(activation, [order("lock")]);
    }
    if (step === 1 && lines.includes("locked this workstation")) {
      step = 2;
      // Systemd tells every process of the unit, and whoever started this one passes it on.
      child.kill("SIGTERM");
      child.kill("SIGTERM");
    }
  });
  expect(await ended.promise).toBe(0);
  for (const line of lines.trim().split("\n")) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \S/);
  expect(lines).toMatch(/ ended\n$/);
});
