// The faults that `npm run faults` plants among passwords: guessing them, forgetting them, and what ends with them.

import type { Fault } from "./planted-faults.ts";

const passwords = "apps/server/src/passwords";
const sessions = "apps/server/src/sessions";
const attempts = `${sessions}/attempts`;

export const passwordFaults: readonly Fault[] = [
  {
    says: "strangers who guess shut the user out everywhere",
    file: `${sessions}/commands.ts`,
    find: "const account = browser === null ? ofStrangers(username) : ofKnownBrowser(browser.id);",
    put: "const account = browser === null || ofKnownBrowser(browser.id) ? ofStrangers(username) : ofStrangers(username);",
    tests: attempts,
  },
  {
    says: "a browser that is known for one name is known for every other",
    file: `${sessions}/known-browsers.ts`,
    find: "return found?.username === username ? found : null;",
    put: "return found ?? null;",
    tests: attempts,
  },
  {
    says: "of a name that nobody has less is asked",
    file: `${sessions}/candidates/store.ts`,
    find: "return loadCandidate(reader, place ?? nowhere);",
    put: "return place && loadCandidate(reader, place);",
    tests: attempts,
  },
  {
    says: "a sign-in with the former password survives the new one",
    file: `${sessions}/commands.ts`,
    find: "return directory !== null || (await findPassword(transaction, organisationId, id)) === hash;",
    put: "return directory !== null || (await findPassword(transaction, organisationId, id)) !== null || hash === null;",
    tests: passwords,
  },
  {
    says: "of two who change the password at the same moment both do",
    file: `${passwords}/commands/change.ts`,
    find: 'if ((await findPassword(change, organisationId, userId)) !== former) throw new Refusal("sign_in_failed");',
    put: "",
    tests: passwords,
  },
  {
    says: "who is blocked gets a link to choose another password",
    file: `${passwords}/commands/forgotten.ts`,
    find: "if (!blocked) {",
    put: "if (!blocked || change.at > new Date(0)) {",
    tests: passwords,
  },
  {
    says: "a token that reads changes things",
    file: "apps/server/src/http/permission.ts",
    find: 'if (caller.token?.scope === "reading" && !isReading(endpoint)) throw',
    put: 'if (caller.token?.scope === "reading" && !isReading(endpoint) && needs === "sign-in") throw',
    tests: `${sessions}/own`,
  },
];
