// The faults that `npm run faults` plants among mails: their links, their way out, what administrators have them say, and what is kept of them.

import type { Fault } from "./planted-faults.ts";

const mails = "apps/server/src/mails";
const accounts = "apps/server/src/accounts";

export const mailFaults: readonly Fault[] = [
  {
    says: "a block leaves the links of mails good",
    file: `${accounts}/commands/block.ts`,
    find: "  await voidLinks(change, userId);\n",
    put: "",
    tests: `${accounts}/re-enabling.test.ts`,
  },
  {
    says: "a link is used without asking again whether it is open",
    file: "apps/server/src/links/store.ts",
    find: "and purpose = ${purpose}\n      and used_at is null and voided_at is null and expires_at > ${at}`);\n  return spent",
    put: "and purpose = ${purpose}`);\n  return spent",
    tests: "apps/server/src/passwords/forgotten.test.ts",
  },
  {
    says: "two servers hand one mail over",
    file: `${mails}/store.ts`,
    find: "order by next_at, id limit 1\n      for update skip locked)",
    put: "order by next_at, id limit 1)",
    tests: `${mails}/mails.test.ts`,
  },
  {
    says: "what was asked for by name is answered twice",
    file: "apps/server/src/links/asked/store.ts",
    find: "where username = ${username} and taken_at is null`);",
    put: "where username = ${username}`);",
    tests: `${accounts}/re-enabling.test.ts`,
  },
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
