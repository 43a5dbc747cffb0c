// The heart: facts in, standing out; who may do what; effective policy; the identity of content.
// Nothing here reads a clock, a disk, a network or a package.

export * from "./account.ts";
export * from "./content.ts";
export * from "./day.ts";
export * from "./encryption.ts";
export * from "./facts.ts";
export * from "./ids.ts";
export * from "./permissions.ts";
export * from "./policy.ts";
export * from "./posture.ts";
export * from "./standing.ts";
export * from "./steps.ts";
