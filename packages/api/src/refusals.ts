// Every way in which the product says no: a permanent code, the HTTP status it travels with, and one safe sentence.
// docs/refusals.md has a section for each: what happened and what to do.

export const refusals = {
  malformed_request: { status: 400, title: "The request is not of the form that this endpoint takes." },
  malformed_json: { status: 400, title: "The body is not JSON." },
  policy_invalid: {
    status: 400,
    title: "The policy has a setting that does not exist, or a value it does not allow.",
  },
  cursor_invalid: { status: 400, title: "The page's cursor is not one that this server gave." },
  origin_refused: {
    status: 403,
    title: "Only pages of this server itself, opened on this machine, may call it.",
  },
  endpoint_not_found: { status: 404, title: "There is no such endpoint." },
  organisation_not_found: { status: 404, title: "There is no such organisation." },
  team_not_found: { status: 404, title: "There is no such team in this organisation." },
  team_revision_not_found: { status: 404, title: "The team has no such revision." },
  user_not_found: { status: 404, title: "There is no such user in this organisation." },
  licence_not_found: { status: 404, title: "There is no such licence in this organisation." },
  group_not_found: { status: 404, title: "There is no such encryption group in this organisation." },
  team_is_root: {
    status: 409,
    title: "The root team holds the organisation's policy and stays where it is.",
  },
  team_move_cyclic: { status: 409, title: "A team cannot be moved below itself." },
  revision_changed: {
    status: 412,
    title: "Somebody changed the team meanwhile. Load it again and repeat the change.",
  },
  body_too_large: { status: 413, title: "The body is larger than this endpoint takes." },
  media_type_unsupported: { status: 415, title: "The body must be sent as application/json." },
  storage_full: {
    status: 507,
    title: "The disk that holds the database is full. Nothing was changed; free some space and try again.",
  },
  internal_error: {
    status: 500,
    title: "Something went wrong here. The log of the server says what, by this request's id.",
  },
  database_unavailable: {
    status: 503,
    title: "The database cannot be reached. Nothing was changed; try again shortly.",
  },
} as const satisfies Record<string, { status: number; title: string }>;

export type RefusalCode = keyof typeof refusals;
export const refusalCodes = Object.keys(refusals) as RefusalCode[];
