// Ctrl-C and the signals that ask a program to end.

import { exitCodes } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** Aborts with this failure when the program is asked to end. With Ctrl-C a second time, it ends at once. */
export function stopSignal(hint: string): AbortSignal {
  const stopped = new AbortController();
  const failure = new Failure("stopped", hint, exitCodes.stopped);
  const stop = () => stopped.abort(failure);
  process.once("SIGINT", stop);
  // Systemd tells every process of a unit, and whoever started this one passes it on: the second is no haste.
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  return stopped.signal;
}
