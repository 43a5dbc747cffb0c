// Accounts that nobody uses, on the wire: what the system is about to disable, a held run, and who is exempt.

import { z } from "zod";

import { inactiveDays } from "./accounts.ts";
import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, line, nothing, ofUser } from "./shapes.ts";

const person = z.object({ id: id<"user">(), name: z.string(), username: z.string() });

export const inactivity = z
  .object({
    inactiveDays: z.int(),
    held: z
      .object({
        at: z.iso.datetime(),
        due: z.int().describe("Accounts that would have been disabled at that moment."),
        accounts: z.int().describe("Of so many in use."),
      })
      .nullable()
      .describe("So many are due that nobody is disabled until somebody confirms it or the rules change."),
    exemptions: z.array(person.extend({ reason: z.string(), at: z.iso.datetime() })),
  })
  .meta({ id: "Inactivity", description: "How accounts without activity are dealt with." });
export type Inactivity = z.output<typeof inactivity>;

export const showInactivity = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/inactivity",
  summary: "After how many days accounts are disabled, who is exempt, and whether a run is held.",
  needs: "read-people",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: inactivity,
  refuses: ["organisation_not_found"],
});

export const previewInactivity = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/inactivity/preview",
  summary:
    "What another number of days would do: how many would be warned at once, and disabled from when on.",
  needs: "read-people",
  params: inOrganisation,
  query: z.strictObject({ inactiveDays: z.coerce.number().pipe(inactiveDays) }),
  body: nothing,
  reply: z.object({
    accounts: z.int().describe("In use, and neither disabled nor exempt."),
    disabled: z.int().describe("Would be disabled at once: they were warned two weeks ago or earlier."),
    warned: z.int().describe("Would be warned at once, and disabled two weeks later at the earliest."),
    wouldBeHeld: z.boolean().describe("Whether so many at once would be held until somebody confirms it."),
    people: z
      .array(person.extend({ disabledOn: z.iso.datetime() }))
      .describe("The first fifty, soonest first."),
  }),
  refuses: ["organisation_not_found"],
});

export const confirmInactivity = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/inactivity/confirm",
  summary: "Lets a held run disable the accounts that were due when it was held.",
  needs: "edit-account-rules",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ due: z.int().min(1).describe("How many: nobody confirms what was not seen.") }),
  reply: nothing,
  refuses: ["organisation_not_found", "inactivity_not_held", "inactivity_differs"],
});

export const exemptUser = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/users/:userId/exemption",
  summary: "Exempts an account: the system never disables it for inactivity.",
  needs: "edit-account-rules",
  params: ofUser,
  query: nothing,
  body: z.strictObject({ reason: line }),
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found", "account_deleted"],
});

export const endExemption = endpoint({
  method: "DELETE",
  path: "/organisations/:organisationId/users/:userId/exemption",
  summary: "Ends an exemption. Who was not active for long is warned first, two weeks before.",
  needs: "edit-account-rules",
  params: ofUser,
  query: nothing,
  body: nothing,
  reply: nothing,
  refuses: ["organisation_not_found", "user_not_found"],
});
