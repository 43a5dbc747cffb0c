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
  csv_header_invalid: {
    status: 400,
    title: "The first row of the file does not name the columns that are needed.",
  },
  directory_settings_invalid: {
    status: 400,
    title: "The directory's settings cannot be kept as they are.",
  },
  single_sign_on_settings_invalid: {
    status: 400,
    title: "The settings of single sign-on cannot be kept as they are.",
  },
  mail_settings_invalid: {
    status: 400,
    title: "The settings of the mail server cannot be kept as they are.",
  },
  mail_placeholder_unknown: {
    status: 400,
    title: "The words name something that this kind of mail does not have.",
  },
  mail_placeholder_missing: {
    status: 400,
    title: "The words leave out something that this kind of mail must say.",
  },
  password_guessable: {
    status: 400,
    title:
      "This password is among the first that are guessed. Take a few words in a row that say nothing about you.",
  },
  licence_dates_invalid: {
    status: 400,
    title: "A licence ends on or after its first day, and only a perpetual one may never end.",
  },
  sign_in_required: { status: 401, title: "Sign in first." },
  sign_in_failed: { status: 401, title: "Username or password is not right." },
  second_factor_needed: {
    status: 401,
    title: "The first step is done. Now the code of your second factor is needed.",
  },
  second_factor_wrong: { status: 401, title: "This code is not right, or was used already." },
  second_step_ended: { status: 401, title: "This took too long, or began elsewhere. Sign in again." },
  single_sign_on_failed: {
    status: 401,
    title: "The answer of your organisation's provider cannot be used. Sign in again.",
  },
  single_sign_on_unknown: {
    status: 403,
    title: "Nobody here signs in with this account of the provider. Ask your administrator.",
  },
  second_factor_required: {
    status: 403,
    title: "Your organisation requires a second factor. Set one up first.",
  },
  fresh_sign_in_required: {
    status: 403,
    title: "You have no password here, so this needs a sign-in of the last ten minutes. Sign in again.",
  },
  account_blocked: {
    status: 403,
    title: "An administrator blocked this account. Please contact your administrator.",
  },
  account_disabled: { status: 403, title: "This account was disabled because it was not used for too long." },
  account_pending: {
    status: 403,
    title: "This account was not activated yet. The activation mail says how.",
  },
  token_only_reads: {
    status: 403,
    title: "This token was made for reading alone. Use one that may do everything that you may.",
  },
  token_outlives_own: {
    status: 403,
    title: "A token makes none that lasts longer than itself. Make it in the console, or for fewer days.",
  },
  organisation_disabled: {
    status: 403,
    title: "Your organisation is switched off, and with it all its accounts.",
  },
  set_up_code_wrong: {
    status: 403,
    title: "This is not the set-up code that the server printed when it started.",
  },
  permission_denied: { status: 403, title: "Your role does not allow this." },
  origin_refused: {
    status: 403,
    title: "The server may only be called under its own address, and only by its own pages.",
  },
  endpoint_not_found: { status: 404, title: "There is no such endpoint." },
  authority_not_found: { status: 404, title: "There is no such authority." },
  organisation_not_found: { status: 404, title: "There is no such organisation." },
  team_not_found: { status: 404, title: "There is no such team in this organisation." },
  team_revision_not_found: { status: 404, title: "The team has no such revision." },
  user_not_found: { status: 404, title: "There is no such user in this organisation." },
  licence_not_found: { status: 404, title: "There is no such licence in this organisation." },
  group_not_found: { status: 404, title: "There is no such encryption group in this organisation." },
  key_not_found: { status: 404, title: "There is no such encryption key in this organisation." },
  key_version_not_found: { status: 404, title: "The key has no such version." },
  workstation_team_not_found: {
    status: 404,
    title: "There is no such workstation team in this organisation.",
  },
  directory_not_found: { status: 404, title: "There is no such directory in this organisation." },
  directory_run_not_found: { status: 404, title: "The directory has no such run." },
  directory_entry_not_found: { status: 404, title: "There is nobody of this id in the directory." },
  import_not_found: { status: 404, title: "There is no such import in this organisation." },
  organisation_import_not_found: { status: 404, title: "There is no such import in this authority." },
  single_sign_on_not_found: { status: 404, title: "No organisation signs in by this name." },
  session_not_found: { status: 404, title: "You are not signed in there, or not any more." },
  token_not_found: { status: 404, title: "You have no such token." },
  second_factor_set: { status: 409, title: "There is a second factor already. Switch it off first." },
  second_factor_missing: { status: 409, title: "There is no second factor." },
  single_sign_on_not_linked: { status: 409, title: "The user never came by the provider." },
  single_sign_on_secret_required: {
    status: 409,
    title: "The client secret would go to where it did not go before. Give it again.",
  },
  set_up_done: { status: 409, title: "This installation has been set up already. Sign in instead." },
  name_taken: { status: 409, title: "There is another one of this name already." },
  username_taken: {
    status: 409,
    title: "This username was given before. A username is never given a second time.",
  },
  office_stays_on: {
    status: 409,
    title: "The people who could switch it on again live in this office, so it stays on.",
  },
  seats_exhausted: { status: 409, title: "The licence has too few free seats. Nobody was given one." },
  seats_taken: { status: 409, title: "More seats are taken than the licence would have." },
  licence_suspended: { status: 409, title: "The licence is suspended and gives no seats." },
  licence_not_valid: { status: 409, title: "The licence is not valid today and gives no seats." },
  licence_replaces_itself: { status: 409, title: "A licence cannot be replaced by itself." },
  key_version_active: {
    status: 409,
    title: "New files are encrypted with this version. Rotate the key before you retire it.",
  },
  root_key_missing: {
    status: 409,
    title: "The root holder's key is not on the server. Put its file back for as long as this takes.",
  },
  root_key_wrong: {
    status: 409,
    title:
      "The file of the root holder's key cannot be used, or holds another key than the one that signed so far.",
  },
  server_behind: {
    status: 409,
    title:
      "Workstations hold what this server never made: it was restored from a backup. Raise the epoch first.",
  },
  directory_password_required: {
    status: 409,
    title: "The password would go to where it did not go before. Give it again.",
  },
  directory_busy: {
    status: 409,
    title: "The directory is being read already. Wait until that run has ended.",
  },
  directory_run_not_held: { status: 409, title: "The run's plan does not wait for anybody to confirm it." },
  directory_run_ended: { status: 409, title: "The run has ended already." },
  directory_plan_differs: {
    status: 409,
    title: "The plan has another number of people vanish than was confirmed. Look at it again.",
  },
  user_not_orphaned: {
    status: 409,
    title: "One of the users still has a directory account, or never had one. Nobody was removed.",
  },
  team_not_empty: { status: 409, title: "The team still has people or teams. Move them first." },
  team_is_root: {
    status: 409,
    title: "The root team holds the organisation's policy and stays where it is.",
  },
  team_move_cyclic: { status: 409, title: "A team cannot be moved below itself." },
  revision_changed: {
    status: 412,
    title: "Somebody changed it meanwhile. Load it again and repeat the change.",
  },
  body_too_large: { status: 413, title: "The body is larger than this endpoint takes." },
  media_type_unsupported: { status: 415, title: "The body must be sent as application/json." },
  idempotency_key_reused: {
    status: 422,
    title: "This Idempotency-Key was sent before, with another request.",
  },
  revision_required: {
    status: 428,
    title: "Say in If-Match which revision you edited: the ETag of what you loaded.",
  },
  sign_in_busy: { status: 429, title: "Too many people sign in at this moment. Try again in a few seconds." },
  sign_in_locked: {
    status: 429,
    title:
      "Too many passwords were wrong. Try again later, or in a browser in which you have signed in before.",
  },
  second_factor_wait: {
    status: 429,
    title: "Too many wrong codes. Wait a while, or use a recovery code.",
  },
  single_sign_on_unreachable: {
    status: 502,
    title: "Your organisation's provider does not answer as it should. Try again later.",
  },
  workstation_not_found: { status: 404, title: "There is no such workstation here." },
  update_not_found: { status: 404, title: "There is no such update in this organisation." },
  account_batch_not_found: { status: 404, title: "There is no such batch of accounts in this organisation." },
  posting_not_found: { status: 404, title: "There is no such posting in this organisation." },
  account_none: { status: 409, title: "This person is known for encryption only and has no account." },
  account_exists: { status: 409, title: "This person has an account already." },
  account_not_pending: { status: 409, title: "The account does not wait to be activated." },
  email_missing: { status: 409, title: "The person has no mail address. Add one first." },
  link_not_found: {
    status: 404,
    title: "This link does not work, or does not work any more. Ask for another mail.",
  },
  mail_not_found: { status: 404, title: "There is no such mail in this organisation." },
  mail_not_waiting: {
    status: 409,
    title: "The mail does not wait any more, or its link does not work any more.",
  },
  mail_server_set: { status: 409, title: "There is a mail server, so mails are sent and not opened." },
  mail_server_missing: { status: 409, title: "There is no mail server yet. Say which one takes mails." },
  mail_password_required: {
    status: 409,
    title: "The password would go to where it did not go before. Give it again.",
  },
  mail_not_sent: { status: 502, title: "The mail server did not take the mail." },
  account_deleted: { status: 409, title: "The account was deleted. Nothing brings it back." },
  deletion_not_requested: {
    status: 409,
    title: "Nobody asked for this account to be deleted, or the request was withdrawn.",
  },
  name_differs: {
    status: 409,
    title: "What was typed is not the name of what would be deleted. Nothing was deleted.",
  },
  office_goes_with_authority: {
    status: 409,
    title: "The people of the authority live in this office. It is deleted together with the authority.",
  },
  administers_elsewhere: {
    status: 409,
    title:
      "Somebody in there is the last who administers something outside of it. Appoint somebody else first.",
  },
  recipient_invalid: { status: 400, title: "This is not a recipient that age knows." },
  role_misplaced: {
    status: 409,
    title:
      "This role does not hold in such a place: each is held in an organisation, an authority or the installation.",
  },
  role_not_held: { status: 404, title: "The user does not hold this role here, or not any more." },
  account_shut_out: {
    status: 409,
    title: "The account is blocked or disabled. Whoever is given a role must be able to sign in.",
  },
  account_not_blocked: { status: 409, title: "The account is not blocked." },
  block_ends_in_the_past: { status: 409, title: "A block ends in the future, or not by itself." },
  inactivity_not_held: { status: 409, title: "No run is held, so there is nothing to confirm." },
  inactivity_differs: {
    status: 409,
    title: "Another number of accounts is due than was confirmed. Look at it again.",
  },
  user_blocked: { status: 409, title: "The account is blocked, and nothing new is activated for it." },
  user_not_active: { status: 409, title: "The user is active on no workstation." },
  update_ended: { status: 409, title: "The update has ended already." },
  workstation_lost: { status: 409, title: "The workstation was declared lost already." },
  relay_missing: {
    status: 409,
    title: "This server has no relay, so nothing can travel to workstations.",
  },
  relay_unreachable: {
    status: 502,
    title: "The relay did not answer as it should. What is due is kept and goes out later.",
  },
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
