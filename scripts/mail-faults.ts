// The faults that `npm run faults` plants among mails: what administrators have them say, and what is kept of them.

import type { Fault } from "./planted-faults.ts";

const mails = "apps/server/src/mails";
const accounts = "apps/server/src/accounts";

export const mailFaults: readonly Fault[] = [
  {
    says: "whatever an administrator writes into a mail is markup",
    file: `${mails}/render.ts`,
    find: '`<p>${escaped(each).replaceAll("\\n", "<br>")}</p>`',
    put: "`<p>${each}</p>`",
    tests: `${mails}/words.test.ts`,
  },
  {
    says: "a mail may leave its link out",
    file: `${mails}/words.ts`,
    find: "if (left !== undefined) throw missing",
    put: "if (left?.name === text) throw missing",
    tests: `${mails}/words.test.ts`,
  },
  {
    says: "of two who change the same words the second one wins",
    file: `${mails}/templates/store.ts`,
    find: "and language = ${language}\n            and revision = ${revision}`",
    put: "and language = ${language}`",
    tests: `${mails}/templates.test.ts`,
  },
  {
    says: "what a mail said is kept after it was sent",
    file: `${mails}/store.ts`,
    find: "sent_at = ${at}, failure = null, details = '{}',",
    put: "sent_at = ${at}, failure = null,",
    tests: `${mails}/templates.test.ts`,
  },
  {
    says: "the password of a mail server that was removed is kept",
    file: `${mails}/servers/store.ts`,
    find: "user_name = null, material = null, kek_version = null, revision = revision + 1",
    put: "revision = revision + 1",
    tests: `${mails}/templates.test.ts`,
  },
  {
    says: "who is blocked and then disabled is told of a way back that there is not",
    file: `${accounts}/commands/inactivity.ts`,
    find: "filter(({ isBlocked }) => !isBlocked)",
    put: "filter(() => true)",
    tests: `${accounts}/notices.test.ts`,
  },
  {
    says: "each server tells managers the same",
    file: `${accounts}/digests/store.ts`,
    find: "where organisation_id = ${organisationId} and posted_at <= ${since}`",
    put: "where organisation_id = ${organisationId}`",
    tests: `${accounts}/notices.test.ts`,
  },
];
