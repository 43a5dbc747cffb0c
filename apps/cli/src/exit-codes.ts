// How the program ends, for scripts. Codes are forever: add, never give another meaning.

export const exitCodes = {
  /** What was asked for is done. */
  fine: 0,
  /** Refused, or failed. */
  failed: 1,
  /** The command cannot be understood as it was written. */
  wrongUsage: 2,
  /** Nobody is signed in, or the role does not allow it. */
  notAllowed: 3,
  /** The server, or its database, cannot be reached. */
  unreachable: 4,
  /** An import went through, and some of its rows were skipped. */
  rowsSkipped: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
