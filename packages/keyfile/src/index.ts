// Key-File format 1: what server and workstation agree on. Signed objects, sealed boxes, activation codes, and the one
// function that decides what a device accepts. Nothing here knows a database, a relay or a disk.

export * from "./accept.ts";
export * from "./activation-code.ts";
export * from "./age-key.ts";
export * from "./age-payload.ts";
export * from "./box.ts";
export * from "./capability.ts";
export * from "./device-state.ts";
export { tagBytes } from "./chacha.ts";
export { digestOf } from "./digest.ts";
export * from "./join.ts";
export { signKeyFile, type HeldKey, type KeyFile } from "./key-file.ts";
export * from "./mailbox.ts";
export * from "./notice.ts";
export { openOffer, sealOffer, signOffer, type Offer, type OpenedOffer } from "./offer.ts";
export { orderKinds, ordersToRun, signOrders, type Order, type Orders } from "./orders.ts";
export { paddedSizes } from "./padding.ts";
export { passphraseSaltBytes, stretchPassphrase, wrapByPassphrase } from "./passphrase.ts";
export { pulseSeconds, signPulse, type Pulse } from "./pulse.ts";
export * from "./rejections.ts";
export * from "./report.ts";
export { countersign, readRoot, signRoot, trustRoots, walkRoots, type Root } from "./root.ts";
export * from "./signing-key.ts";
export {
  decodeUnpadded,
  encodeUnpadded,
  unwrapKey,
  unwrapperFor,
  wrapKey,
  wrapperFor,
  zeroNonce,
} from "./stanza.ts";
export * from "./strict-json.ts";
