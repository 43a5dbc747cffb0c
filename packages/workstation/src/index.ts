// The client's core without a screen: what a workstation keeps, how it syncs, and how it encrypts files.

export * from "./refusal.ts";
export { decryptFile, encryptFile, type Decryption, type Encryption } from "./files/files.ts";
export { eachFile, type Found } from "./files/folder.ts";
export { decryptStream, encryptStream, type Keys, type Lock } from "./files/stream.ts";
export { activate, checkCode, type Activated, type Activating } from "./activate.ts";
export type { Happening } from "./arrivals.ts";
export type { Keyring } from "./keyring.ts";
export {
  changePassword,
  exportIdentity,
  keysFor,
  login,
  logout,
  type KeysAtHand,
  type LoggedIn,
  type Purpose,
} from "./login.ts";
export type { Machine } from "./machine.ts";
export { profileIn, type Profile } from "./profile.ts";
export type { LoginPlace } from "./session.ts";
export { status, type ActiveStatus, type Status } from "./status.ts";
export { sync, type Round, type SyncOptions } from "./sync.ts";
export { watch, type Watched, type Watching } from "./watch.ts";
