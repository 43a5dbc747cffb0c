// Why something that arrived was not accepted. Codes are forever, because reports carry them.

/**
 * Each code with what it means. All but `box`, `signature` and `root` are only ever said of what the organisation has
 * really signed.
 */
export const rejections = {
  box: "It does not open with this device's keys, or is damaged.",
  signature: "It is not signed by a key that may sign it.",
  root: "It brings a root that does not follow from the one that is trusted.",
  recipient: "It is meant for another device.",
  rollback: "It is older than what this device has accepted.",
  equivocation:
    "It has the version of another one that this device has accepted. Somebody signs in the server's name.",
  epoch: "It is of another epoch than the root. Only the root's holders can begin a new one.",
  expired: "It has expired.",
  content: "It is signed, and makes no sense to this device.",
  retired: "It is signed by a key that the organisation has replaced since.",
} as const satisfies Record<string, string>;

export type RejectionCode = keyof typeof rejections;
export const rejectionCodes = Object.keys(rejections) as RejectionCode[];
