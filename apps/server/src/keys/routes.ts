// What answers for encryption keys, encryption groups, and the key that all key material is sealed under.

import { keys } from "@lockstep/api";

import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import {
  createGroup,
  createKey,
  renameGroup,
  renameKey,
  rotateKey,
  setGroupKeys,
  setKeyVersionUse,
} from "./commands.ts";
import { exportKeys } from "./recovery-file.ts";
import type { KeyEncryption } from "./sealing/sealing.ts";
import { rotateKeyEncryption, stateOfSealing } from "./sealing/state.ts";
import { listGroups, listKeys } from "./store.ts";

export function keyRoutes(database: Database, keyEncryption: KeyEncryption): Route[] {
  return [
    ...changingRoutes(keyEncryption),
    route(keys.listKeys, ({ params }) =>
      database.snapshot(async (snapshot) => ({ keys: await listKeys(snapshot, params.organisationId) })),
    ),
    route(keys.listGroups, ({ params }) =>
      database.snapshot(async (snapshot) => ({ groups: await listGroups(snapshot, params.organisationId) })),
    ),
    route(keys.exportKeys, ({ writing, caller, params: { organisationId }, body }) =>
      exportKeys({ writing, keyEncryption, caller }, organisationId, body),
    ),
    route(keys.showKeyEncryption, () => stateOfSealing(database, keyEncryption)),
    route(keys.rotateKeyEncryptionKey, ({ writing }) => rotateKeyEncryption(writing, keyEncryption)),
  ];
}

function changingRoutes(keyEncryption: KeyEncryption): Route[] {
  return [
    route(keys.createKey, ({ writing, params, body }) =>
      createKey({ ...writing, keyEncryption }, params.organisationId, body),
    ),
    route(keys.renameKey, ({ writing, params: { organisationId, keyId }, body, match }) =>
      renameKey(writing, organisationId, { keyId, revision: match, ...body }),
    ),
    route(keys.rotateKey, ({ writing, params: { organisationId, keyId }, match }) =>
      rotateKey({ ...writing, keyEncryption }, organisationId, { keyId, revision: match }),
    ),
    route(keys.setKeyVersionUse, ({ writing, params: { organisationId, keyId, version }, body, match }) =>
      setKeyVersionUse(writing, organisationId, { keyId, version, revision: match, ...body }),
    ),
    route(keys.createGroup, ({ writing, params, body }) => createGroup(writing, params.organisationId, body)),
    route(keys.renameGroup, ({ writing, params: { organisationId, groupId }, body, match }) =>
      renameGroup(writing, organisationId, { groupId, revision: match, ...body }),
    ),
    route(keys.setGroupKeys, ({ writing, params: { organisationId, groupId }, body, match }) =>
      setGroupKeys(writing, organisationId, { groupId, revision: match, ...body }),
    ),
  ];
}
