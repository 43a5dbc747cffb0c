// How the relay says no. docs/relay.md has what to do about each.

/** Codes are for ever: add, never rename. */
export const refusals = {
  malformed_request: { status: 400, title: "The request is not of the form that this endpoint takes." },
  account_refused: { status: 401, title: "No account of this relay has this token." },
  capability_required: { status: 401, title: "Sign the request with a key of the mailbox." },
  capability_refused: { status: 401, title: "There is no mailbox here that this signed request opens." },
  capability_expired: { status: 401, title: "The request was signed too long ago, or the clocks differ." },
  capability_spent: { status: 401, title: "This signed request was made before. Sign each request anew." },
  endpoint_not_found: { status: 404, title: "There is no such endpoint." },
  mailbox_not_found: { status: 404, title: "The account has no such mailbox." },
  parcel_not_found: { status: 404, title: "The mailbox has no such parcel, or it was long ago." },
  mailbox_taken: { status: 409, title: "Another account has opened this mailbox." },
  mailboxes_exhausted: { status: 409, title: "The account has as many mailboxes as it may." },
  mailbox_full: { status: 409, title: "The mailbox holds as many parcels as it may." },
  storage_exhausted: { status: 409, title: "The account's parcels take as much room as they may." },
  parcel_too_large: { status: 413, title: "The body is larger than what the endpoint takes." },
  media_type_unsupported: { status: 415, title: "The body was not sent as the endpoint takes it." },
  too_many_requests: { status: 429, title: "Too many requests in this minute. Try again in the next one." },
  internal_error: {
    status: 500,
    title: "Something went wrong here. The log of the relay says what, by this request's id.",
  },
  storage_full: { status: 507, title: "The relay's disk is full. Nothing was changed; try again later." },
} as const satisfies Record<string, { status: number; title: string }>;

export type RelayRefusalCode = keyof typeof refusals;
