-- Written by `npm run gen` from the catalogues of a migrated database. Not run by anything.

create table account_batch_rows (
  organisation_id uuid not null,
  batch_id uuid not null,
  "row" integer not null,
  user_id uuid not null,
  verdict text,
  constraint account_batch_rows_pkey PRIMARY KEY (organisation_id, batch_id, "row"),
  constraint account_batch_rows_organisation_id_batch_id_fkey FOREIGN KEY (organisation_id, batch_id) REFERENCES account_batches(organisation_id, id),
  constraint account_batch_rows_organisation_id_batch_id_user_id_key UNIQUE (organisation_id, batch_id, user_id),
  constraint account_batch_rows_row_check CHECK (("row" > 0)),
  constraint account_batch_rows_verdict_check CHECK ((verdict <> ''::text))
);
CREATE INDEX account_batch_rows_waiting ON public.account_batch_rows USING btree (organisation_id, batch_id, "row") WHERE (verdict IS NULL);
comment on table account_batch_rows is 'What became of one account of a batch; null until it was looked at. No foreign key to the user, whom it may outlive.';

create table account_batches (
  organisation_id uuid not null,
  id uuid not null,
  action text not null,
  reason text,
  user_reason text,
  until timestamp with time zone,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid not null,
  actor_user_id uuid not null,
  users integer not null,
  done integer default 0 not null,
  changed integer default 0 not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint account_batches_pkey PRIMARY KEY (organisation_id, id),
  constraint account_batches_action_check CHECK ((action = ANY (ARRAY['block-account'::text, 'unblock-account'::text, 'resend-invitation'::text]))),
  constraint account_batches_check CHECK (((done >= 0) AND (done <= users))),
  constraint account_batches_check1 CHECK (((changed >= 0) AND (changed <= done))),
  constraint account_batches_check2 CHECK ((ended_at >= started_at)),
  constraint account_batches_check3 CHECK (((ended_at IS NOT NULL) = (done = users))),
  constraint account_batches_check4 CHECK (((action = 'block-account'::text) = (reason IS NOT NULL))),
  constraint account_batches_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint account_batches_reason_check CHECK ((reason <> ''::text)),
  constraint account_batches_user_reason_check CHECK ((user_reason <> ''::text)),
  constraint account_batches_users_check CHECK ((users > 0))
);
CREATE INDEX account_batches_running ON public.account_batches USING btree (organisation_id, id) WHERE (ended_at IS NULL);
comment on table account_batches is 'Many accounts are blocked or unblocked, one after the other, each with a verdict of its own. Goes on where it was.';

create table account_digests (
  organisation_id uuid not null,
  posted_at timestamp with time zone not null,
  constraint account_digests_pkey PRIMARY KEY (organisation_id),
  constraint account_digests_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
comment on table account_digests is 'When the managers of an organisation were last told, or when there last was nothing to tell.';

create table account_rules (
  organisation_id uuid not null,
  unblocking text not null,
  inactive_days integer not null,
  revision integer not null,
  mail_language text default 'en'::text not null,
  digest text default 'weekly'::text not null,
  second_factor text default 'optional'::text not null,
  single_sign_on_for text default 'users'::text not null,
  constraint account_rules_pkey PRIMARY KEY (organisation_id),
  constraint account_rules_digest_check CHECK ((digest = ANY (ARRAY['off'::text, 'daily'::text, 'weekly'::text]))),
  constraint account_rules_inactive_days_check CHECK (((inactive_days >= 30) AND (inactive_days <= 730))),
  constraint account_rules_mail_language_check CHECK ((mail_language = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint account_rules_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint account_rules_revision_check CHECK ((revision > 1)),
  constraint account_rules_second_factor_check CHECK ((second_factor = ANY (ARRAY['optional'::text, 'required'::text]))),
  constraint account_rules_single_sign_on_for_check CHECK ((single_sign_on_for = ANY (ARRAY['users'::text, 'managers'::text]))),
  constraint account_rules_unblocking_check CHECK ((unblocking = ANY (ARRAY['compatible'::text, 'strict'::text])))
);
comment on table account_rules is 'What an organisation has other than the rules that every organisation starts with: those are its first revision, and no row.';
comment on column account_rules.unblocking is 'Strict: nobody changes or lifts a block that somebody of a higher role has set.';
comment on column account_rules.inactive_days is 'An account is disabled after more than so many days without activity.';
comment on column account_rules.mail_language is 'In which the people of the organisation get their mails.';
comment on column account_rules.digest is 'How often the managers are told by mail what waits for them.';
comment on column account_rules.second_factor is 'Required: whoever is signed in without one can only set one up.';
comment on column account_rules.single_sign_on_for is 'Users: those without a role. Managers: also those whose roles reach no further than the organisation.';

create table activation_codes (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  voided_at timestamp with time zone,
  activation_id uuid,
  material text,
  kek_version integer,
  offered_at timestamp with time zone,
  offer_seq bigint,
  withdrawn_at timestamp with time zone,
  closed_at timestamp with time zone,
  device text,
  constraint activation_codes_pkey PRIMARY KEY (organisation_id, id),
  constraint activation_codes_check CHECK ((expires_at > issued_at)),
  constraint activation_codes_check1 CHECK (((voided_at IS NULL) OR (used_at IS NULL))),
  constraint activation_codes_device_check CHECK ((length(device) = 43)),
  constraint activation_codes_kek_version_check CHECK ((kek_version > 0)),
  constraint activation_codes_material_check CHECK ((material <> ''::text)),
  constraint activation_codes_material_is_whole CHECK ((num_nulls(activation_id, material, kek_version) = ANY (ARRAY[0, 3]))),
  constraint activation_codes_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
CREATE INDEX activation_codes_by_kek ON public.activation_codes USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
CREATE UNIQUE INDEX activation_codes_one_outstanding ON public.activation_codes USING btree (organisation_id, user_id) WHERE ((used_at IS NULL) AND (voided_at IS NULL));
CREATE INDEX activation_codes_to_offer ON public.activation_codes USING btree (organisation_id, id) WHERE ((material IS NOT NULL) AND (offered_at IS NULL) AND (voided_at IS NULL) AND (used_at IS NULL));
comment on table activation_codes is 'A one-time right to activate on one workstation. The secret itself is not kept.';
comment on column activation_codes.material is 'What grew from the code, sealed for this row: the secrets of its two mailboxes, the offer and its key, the MAC key of joins, and the age identity that they are sealed to. Null for codes from before there was a relay.';
comment on column activation_codes.device is 'The thumbprint of the device that used it.';

create table activations (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  workstation_id uuid not null,
  admitted_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  next_version integer default 1 not null,
  applied_version integer default 0 not null,
  applied_team_content_id uuid not null,
  applied_own_content_id uuid not null,
  last_report_at timestamp with time zone,
  code_id uuid,
  device text,
  device_x text,
  box text,
  orders_box text,
  material text,
  kek_version integer,
  applied_epoch integer default 1 not null,
  orders_version integer default 0 not null,
  orders_hash text,
  orders_seq bigint,
  orders_delivered_version integer default 0 not null,
  is_locked boolean default false not null,
  pulse_at timestamp with time zone,
  former_pulse_at timestamp with time zone,
  report_number integer default 0 not null,
  opened_at timestamp with time zone,
  os text,
  client text,
  keystore text,
  clock_skew_seconds integer,
  forked_at timestamp with time zone,
  ahead_epoch integer,
  ahead_version integer,
  workstation_content_id uuid,
  root_version integer default 1 not null,
  constraint activations_pkey PRIMARY KEY (organisation_id, id),
  constraint activations_applied_epoch_check CHECK ((applied_epoch > 0)),
  constraint activations_check CHECK ((ended_at >= admitted_at)),
  constraint activations_check1 CHECK (((applied_version >= 0) AND (applied_version < next_version))),
  constraint activations_check2 CHECK (((last_report_at IS NULL) = (applied_version = 0))),
  constraint activations_check3 CHECK (((orders_delivered_version >= 0) AND (orders_delivered_version <= orders_version))),
  constraint activations_device_check CHECK ((length(device) = 43)),
  constraint activations_device_is_whole CHECK ((num_nulls(code_id, device, device_x, box, orders_box, material, kek_version) = ANY (ARRAY[0, 7]))),
  constraint activations_device_x_check CHECK ((length(device_x) = 43)),
  constraint activations_kek_version_check CHECK ((kek_version > 0)),
  constraint activations_material_check CHECK ((material <> ''::text)),
  constraint activations_next_version_check CHECK ((next_version > 0)),
  constraint activations_orders_version_check CHECK ((orders_version >= 0)),
  constraint activations_organisation_id_applied_own_content_id_fkey FOREIGN KEY (organisation_id, applied_own_content_id) REFERENCES contents(organisation_id, id),
  constraint activations_organisation_id_applied_team_content_id_fkey FOREIGN KEY (organisation_id, applied_team_content_id) REFERENCES contents(organisation_id, id),
  constraint activations_organisation_id_id_user_id_key UNIQUE (organisation_id, id, user_id),
  constraint activations_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint activations_organisation_id_workstation_id_fkey FOREIGN KEY (organisation_id, workstation_id) REFERENCES workstations(organisation_id, id),
  constraint activations_report_number_check CHECK ((report_number >= 0))
);
CREATE INDEX activations_by_kek ON public.activations USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
CREATE INDEX activations_by_pulse ON public.activations USING btree (organisation_id, pulse_at NULLS FIRST) WHERE ((ended_at IS NULL) AND (device IS NOT NULL));
CREATE UNIQUE INDEX activations_one_of_a_user_on_a_workstation ON public.activations USING btree (organisation_id, user_id, workstation_id) WHERE (ended_at IS NULL);
CREATE INDEX activations_opened ON public.activations USING btree (organisation_id, user_id, opened_at) WHERE (opened_at IS NOT NULL);
CREATE INDEX activations_with_orders_due ON public.activations USING btree (organisation_id, id) WHERE (orders_delivered_version < orders_version);
comment on table activations is 'One user on one workstation, with one Key-File. Before the first report it holds the empty content.';
comment on column activations.material is 'The secrets of the activation''s two mailboxes and of its nonces, sealed for this row.';
comment on column activations.report_number is 'The highest number of a report that was taken.';
comment on column activations.ahead_version is 'A report named this version, which the server never made: it was restored from a backup.';
comment on column activations.root_version is 'The newest root that the workstation is known to hold; what it is sent brings those after it.';

create table answered_calls (
  organisation_id uuid not null,
  user_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  reply jsonb not null,
  at timestamp with time zone not null,
  constraint answered_calls_pkey PRIMARY KEY (organisation_id, user_id, key),
  constraint answered_calls_fingerprint_check CHECK ((length(fingerprint) = 32)),
  constraint answered_calls_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint answered_calls_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
CREATE INDEX answered_calls_by_age ON public.answered_calls USING btree (at);
comment on table answered_calls is 'A call with an Idempotency-Key was answered: repeated within a day it gets the same reply and makes nothing.';

create table authorities (
  id uuid not null,
  name text not null,
  deleted_at timestamp with time zone,
  revision integer default 1 not null,
  constraint authorities_pkey PRIMARY KEY (id),
  constraint authorities_name_check CHECK ((name <> ''::text)),
  constraint authorities_name_key UNIQUE (name),
  constraint authorities_revision_check CHECK ((revision > 0))
);
comment on table authorities is 'Top container: a national authority, a group, a reseller. Shared by the whole installation.';
comment on column authorities.revision is 'Counts up with each organisation that is made or deleted in it.';

create table blocks (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  at timestamp with time zone not null,
  reason text not null,
  user_reason text,
  until timestamp with time zone,
  lifted_at timestamp with time zone,
  constraint blocks_pkey PRIMARY KEY (organisation_id, id),
  constraint blocks_check CHECK ((until > at)),
  constraint blocks_check1 CHECK ((lifted_at >= at)),
  constraint blocks_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint blocks_reason_check CHECK ((reason <> ''::text)),
  constraint blocks_role_check CHECK ((role = ANY (ARRAY['system-administrator'::text, 'authority-administrator'::text, 'organisation-manager'::text]))),
  constraint blocks_user_reason_check CHECK ((user_reason <> ''::text))
);
CREATE INDEX blocks_by_end ON public.blocks USING btree (until) WHERE ((lifted_at IS NULL) AND (until IS NOT NULL));
CREATE INDEX blocks_of_user ON public.blocks USING btree (organisation_id, user_id, at);
CREATE UNIQUE INDEX blocks_one_standing ON public.blocks USING btree (organisation_id, user_id) WHERE (lifted_at IS NULL);
comment on table blocks is 'An account was blocked, and why. The mark itself is on the user; a block from before this table has no row.';
comment on column blocks.role is 'The highest in which it was set or changed.';
comment on column blocks.user_reason is 'What the user is told after the right password; reason is for administrators alone.';

create table canary_runs (
  id uuid not null,
  at timestamp with time zone not null,
  sampled integer not null,
  unreadable integer not null,
  constraint canary_runs_pkey PRIMARY KEY (id),
  constraint canary_runs_check CHECK (((unreadable >= 0) AND (unreadable <= sampled))),
  constraint canary_runs_sampled_check CHECK ((sampled >= 0))
);
comment on table canary_runs is 'A nightly sample of sealed key material was opened; unreadable above 0 is an alarm. Of the whole installation.';

create table contents (
  organisation_id uuid not null,
  id uuid not null,
  fingerprint bytea not null,
  document jsonb not null,
  constraint contents_pkey PRIMARY KEY (organisation_id, id),
  constraint contents_document_check CHECK (((document ? 'policy'::text) AND (document ? 'keys'::text))),
  constraint contents_fingerprint_check CHECK ((length(fingerprint) = 32)),
  constraint contents_organisation_id_fingerprint_key UNIQUE (organisation_id, fingerprint),
  constraint contents_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
comment on table contents is 'What workstations hold or should hold, addressed by content: the id follows from the document alone. Never changed.';

create table deletion_requests (
  organisation_id uuid not null,
  user_id uuid not null,
  requested_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  constraint deletion_requests_pkey PRIMARY KEY (organisation_id, user_id),
  constraint deletion_requests_check CHECK ((due_at > requested_at)),
  constraint deletion_requests_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
CREATE INDEX deletion_requests_due ON public.deletion_requests USING btree (due_at);
comment on table deletion_requests is 'The user wants the account deleted. Until due_at it can be withdrawn, which deletes the row, as carrying it out does.';

create table deletions (
  organisation_id uuid not null,
  cause text not null,
  begun_at timestamp with time zone not null,
  people integer not null,
  erased integer default 0 not null,
  last_user_id uuid,
  erased_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint deletions_pkey PRIMARY KEY (organisation_id),
  constraint deletions_cause_check CHECK ((cause = ANY (ARRAY['organisation'::text, 'authority'::text]))),
  constraint deletions_check CHECK ((erased_at >= begun_at)),
  constraint deletions_check1 CHECK ((ended_at >= erased_at)),
  constraint deletions_erased_check CHECK ((erased >= 0)),
  constraint deletions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint deletions_people_check CHECK ((people >= 0))
);
comment on table deletions is 'How far what follows the deletion of an organisation, or of its authority, has come. The mark that counts is on their rows. Goes on where it was.';
comment on column deletions.erased_at is 'When nobody was left to erase; until ended_at it is waited for the workstations'' orders to be at the relay.';

create table directories (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null,
  host text not null,
  port integer not null,
  security text not null,
  certificates text,
  bind_name text not null,
  material text not null,
  kek_version integer not null,
  base text not null,
  filter text not null,
  mapping jsonb not null,
  mode text not null,
  team_id uuid,
  follows boolean not null,
  username_suffix text not null,
  interval_minutes integer not null,
  full_hours integer not null,
  guard_least integer not null,
  guard_percent integer not null,
  is_on boolean not null,
  revision integer default 1 not null,
  mark_server text,
  mark_value text,
  next_run_at timestamp with time zone,
  next_full_at timestamp with time zone,
  failing_since timestamp with time zone,
  failure text,
  signs_in boolean default false not null,
  constraint directories_pkey PRIMARY KEY (organisation_id, id),
  constraint directories_base_check CHECK ((base <> ''::text)),
  constraint directories_bind_name_check CHECK ((bind_name <> ''::text)),
  constraint directories_certificates_check CHECK ((certificates <> ''::text)),
  constraint directories_check CHECK ((num_nulls(mark_server, mark_value) = ANY (ARRAY[0, 2]))),
  constraint directories_check1 CHECK (((failing_since IS NULL) = (failure IS NULL))),
  constraint directories_filter_check CHECK ((filter <> ''::text)),
  constraint directories_full_hours_check CHECK ((full_hours > 0)),
  constraint directories_guard_least_check CHECK ((guard_least >= 0)),
  constraint directories_guard_percent_check CHECK (((guard_percent >= 0) AND (guard_percent <= 50))),
  constraint directories_host_check CHECK ((host <> ''::text)),
  constraint directories_interval_minutes_check CHECK ((interval_minutes > 0)),
  constraint directories_kek_version_check CHECK ((kek_version > 0)),
  constraint directories_kind_check CHECK ((kind = ANY (ARRAY['active-directory'::text, 'openldap'::text, '389-ds'::text]))),
  constraint directories_mapping_check CHECK ((mapping ?& ARRAY['name'::text, 'username'::text, 'email'::text])),
  constraint directories_material_check CHECK ((material <> ''::text)),
  constraint directories_mode_check CHECK ((mode = ANY (ARRAY['manual'::text, 'team'::text, 'units'::text]))),
  constraint directories_name_check CHECK ((name <> ''::text)),
  constraint directories_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint directories_organisation_id_name_key UNIQUE (organisation_id, name),
  constraint directories_port_check CHECK (((port >= 1) AND (port <= 65535))),
  constraint directories_revision_check CHECK ((revision > 0)),
  constraint directories_security_check CHECK ((security = ANY (ARRAY['ldaps'::text, 'starttls'::text]))),
  constraint directories_username_suffix_check CHECK ((username_suffix <> ''::text))
);
CREATE INDEX directories_by_kek ON public.directories USING btree (organisation_id, kek_version);
CREATE INDEX directories_due ON public.directories USING btree (next_run_at) WHERE (next_run_at IS NOT NULL);
comment on table directories is 'A directory that people are imported from, and how it is reached and read.';
comment on column directories.material is 'The password of the account that reads, sealed under the key-encryption key and bound to this row (JWE).';
comment on column directories.team_id is 'Where people go; null, or a team that is gone, for the root team.';
comment on column directories.mark_value is 'Up to where changes of mark_server are known. Null: everything is to be read.';
comment on column directories.signs_in is 'Whether those who are linked to it, and hold no role, sign in with their passwords there.';

create table directory_entries (
  organisation_id uuid not null,
  directory_id uuid not null,
  object_id uuid not null,
  dn text not null,
  name text not null,
  username text not null,
  email text,
  units text[] not null,
  is_disabled boolean not null,
  gone_at timestamp with time zone,
  choice text default 'none'::text not null,
  chosen_team_id uuid,
  chosen_user_id uuid,
  former_user_id uuid,
  erased_at timestamp with time zone,
  constraint directory_entries_pkey PRIMARY KEY (organisation_id, directory_id, object_id),
  constraint directory_entries_choice_check CHECK ((choice = ANY (ARRAY['none'::text, 'import'::text, 'ignore'::text]))),
  constraint directory_entries_only_imports_are_chosen_for CHECK (((choice = 'import'::text) OR (num_nonnulls(chosen_team_id, chosen_user_id) = 0))),
  constraint directory_entries_organisation_id_directory_id_fkey FOREIGN KEY (organisation_id, directory_id) REFERENCES directories(organisation_id, id)
);
CREATE INDEX directory_entries_erased ON public.directory_entries USING btree (organisation_id, directory_id, object_id) WHERE (erased_at IS NOT NULL);
comment on table directory_entries is 'Somebody who was seen in a directory, and what was decided about it here.';
comment on column directory_entries.former_user_id is 'The user that it was linked to last: whoever comes back is linked again.';
comment on column directory_entries.erased_at is 'Whom it was of was deleted: it keeps no value, whatever is read of it, and nobody is made of it.';

create table directory_links (
  organisation_id uuid not null,
  user_id uuid not null,
  object_id uuid not null,
  state text not null,
  missing_since timestamp with time zone,
  directory_id uuid,
  disabled_at timestamp with time zone,
  constraint directory_links_pkey PRIMARY KEY (organisation_id, user_id),
  constraint directory_links_check CHECK (((state = 'missing'::text) = (missing_since IS NOT NULL))),
  constraint directory_links_organisation_id_directory_id_fkey FOREIGN KEY (organisation_id, directory_id) REFERENCES directories(organisation_id, id),
  constraint directory_links_organisation_id_object_id_key UNIQUE (organisation_id, object_id),
  constraint directory_links_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint directory_links_state_check CHECK ((state = ANY (ARRAY['linked'::text, 'missing'::text])))
);
CREATE INDEX directory_links_of_directory ON public.directory_links USING btree (organisation_id, directory_id, object_id);
comment on table directory_links is 'The user came from a directory; object_id is the immutable id there (objectGUID, entryUUID).';
comment on column directory_links.directory_id is 'Null for a link from before there were directories.';
comment on column directory_links.disabled_at is 'Since when the directory account is disabled, which orphans nobody.';

create table directory_plan_rows (
  organisation_id uuid not null,
  run_id uuid not null,
  "row" integer not null,
  object_id uuid not null,
  action text not null,
  code text not null,
  user_id uuid,
  dn text not null,
  name text not null,
  username text,
  change jsonb not null,
  outcome text,
  constraint directory_plan_rows_pkey PRIMARY KEY (organisation_id, run_id, "row"),
  constraint directory_plan_rows_action_check CHECK ((action = ANY (ARRAY['create'::text, 'update'::text, 'link'::text, 'relink'::text, 'orphan'::text, 'remove'::text, 'skip'::text]))),
  constraint directory_plan_rows_organisation_id_run_id_fkey FOREIGN KEY (organisation_id, run_id) REFERENCES directory_runs(organisation_id, id),
  constraint directory_plan_rows_outcome_check CHECK ((outcome = ANY (ARRAY['applied'::text, 'changed-meanwhile'::text]))),
  constraint directory_plan_rows_row_check CHECK (("row" > 0))
);
comment on table directory_plan_rows is 'One row of a plan: what becomes of one person. No foreign key to the user, whom it may outlive.';

create table directory_reads (
  organisation_id uuid not null,
  run_id uuid not null,
  object_id uuid not null,
  dn text not null,
  name text not null,
  username text not null,
  email text,
  units text[] not null,
  is_disabled boolean not null,
  team_id uuid,
  is_repeated boolean default false not null,
  constraint directory_reads_pkey PRIMARY KEY (organisation_id, run_id, object_id)
);
comment on table directory_reads is 'What a run has read, until it has ended. team_id is the team of its units, if there is one.';
comment on column directory_reads.is_repeated is 'Another entry of the run with the same username comes before it; known once all are read.';

create table directory_runs (
  organisation_id uuid not null,
  id uuid not null,
  directory_id uuid not null,
  kind text not null,
  is_dry_run boolean not null,
  state text not null,
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  runner uuid,
  lease_until timestamp with time zone,
  cancel_asked_at timestamp with time zone,
  read integer default 0 not null,
  is_complete boolean default false not null,
  incomplete_because text,
  mark_server text,
  mark_value text,
  linked integer default 0 not null,
  counts jsonb default '{}'::jsonb not null,
  rows integer default 0 not null,
  done integer default 0 not null,
  held_limit integer,
  held_rule text,
  confirmed_at timestamp with time zone,
  confirmed_role text,
  confirmed_organisation_id uuid,
  confirmed_user_id uuid,
  failure text,
  constraint directory_runs_pkey PRIMARY KEY (organisation_id, id),
  constraint directory_runs_check CHECK ((ended_at >= started_at)),
  constraint directory_runs_check1 CHECK (((done >= 0) AND (done <= rows))),
  constraint directory_runs_check2 CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text, 'superseded'::text])) = (ended_at IS NOT NULL))),
  constraint directory_runs_check3 CHECK (((state = 'failed'::text) = (failure IS NOT NULL))),
  constraint directory_runs_check4 CHECK ((num_nulls(runner, lease_until) = ANY (ARRAY[0, 2]))),
  constraint directory_runs_check5 CHECK (((confirmed_at IS NULL) = (confirmed_user_id IS NULL))),
  constraint directory_runs_check6 CHECK (((NOT is_complete) OR (kind = 'full'::text))),
  constraint directory_runs_kind_check CHECK ((kind = ANY (ARRAY['full'::text, 'changes'::text, 'chosen'::text]))),
  constraint directory_runs_organisation_id_directory_id_fkey FOREIGN KEY (organisation_id, directory_id) REFERENCES directories(organisation_id, id),
  constraint directory_runs_read_check CHECK ((read >= 0)),
  constraint directory_runs_rows_check CHECK ((rows >= 0)),
  constraint directory_runs_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'reading'::text, 'planning'::text, 'held'::text, 'applying'::text, 'done'::text, 'failed'::text, 'cancelled'::text, 'superseded'::text])))
);
CREATE INDEX directory_runs_held ON public.directory_runs USING btree (organisation_id, directory_id, id) WHERE (state = 'held'::text);
CREATE INDEX directory_runs_of_directory ON public.directory_runs USING btree (organisation_id, directory_id, id);
CREATE UNIQUE INDEX directory_runs_one_at_a_time ON public.directory_runs USING btree (organisation_id, directory_id) WHERE (state = ANY (ARRAY['waiting'::text, 'reading'::text, 'planning'::text, 'applying'::text]));
CREATE INDEX directory_runs_to_work_at ON public.directory_runs USING btree (organisation_id, id) WHERE (state = ANY (ARRAY['waiting'::text, 'reading'::text, 'planning'::text, 'applying'::text]));
comment on table directory_runs is 'One reading of a directory, its plan, and how far that is applied. Only a complete one shows who is gone.';
comment on column directory_runs.runner is 'The server process that works at it, until lease_until unless it says again that it does.';

create table encryption_groups (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  revision integer default 1 not null,
  constraint encryption_groups_pkey PRIMARY KEY (organisation_id, id),
  constraint encryption_groups_name_check CHECK ((name <> ''::text)),
  constraint encryption_groups_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint encryption_groups_organisation_id_name_key UNIQUE (organisation_id, name),
  constraint encryption_groups_revision_check CHECK ((revision > 0))
);
comment on table encryption_groups is 'A named set of keys. Workstations receive keys, never groups.';

create table encryption_keys (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  revision integer default 1 not null,
  constraint encryption_keys_pkey PRIMARY KEY (organisation_id, id),
  constraint encryption_keys_name_check CHECK ((name <> ''::text)),
  constraint encryption_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint encryption_keys_organisation_id_name_key UNIQUE (organisation_id, name),
  constraint encryption_keys_revision_check CHECK ((revision > 0))
);
comment on table encryption_keys is 'A named key. Its material is in its versions.';

create table event_seals (
  organisation_id uuid not null,
  number integer not null,
  event_ids uuid[] not null,
  previous_hash bytea not null,
  hash bytea not null,
  sealed_at timestamp with time zone not null,
  constraint event_seals_pkey PRIMARY KEY (organisation_id, number),
  constraint event_seals_event_ids_check CHECK ((cardinality(event_ids) > 0)),
  constraint event_seals_hash_check CHECK ((length(hash) = 32)),
  constraint event_seals_number_check CHECK ((number > 0)),
  constraint event_seals_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint event_seals_previous_hash_check CHECK ((length(previous_hash) = 32))
);
comment on table event_seals is 'A hash chain over batches of events: hash covers previous_hash and every event of the batch in this order.';

create table events (
  organisation_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null,
  kind text not null,
  actor_role text not null,
  actor_user_id uuid,
  user_id uuid,
  team_id uuid,
  licence_id uuid,
  detail jsonb default '{}'::jsonb not null,
  actor_organisation_id uuid,
  constraint events_pkey PRIMARY KEY (organisation_id, id),
  constraint events_actor_role_check CHECK ((actor_role <> ''::text)),
  constraint events_kind_check CHECK ((kind <> ''::text)),
  constraint events_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
CREATE INDEX events_of_licence ON public.events USING btree (organisation_id, licence_id, id) WHERE (licence_id IS NOT NULL);
CREATE INDEX events_of_team ON public.events USING btree (organisation_id, team_id, id) WHERE (team_id IS NOT NULL);
CREATE INDEX events_of_user ON public.events USING btree (organisation_id, user_id, id) WHERE (user_id IS NOT NULL);
comment on table events is 'Append-only, written in the transaction of the change: the audit and every timeline. No foreign keys, because it outlives what it tells of.';
comment on column events.actor_organisation_id is 'Where the actor lives, if that is another organisation than the one changed.';

create table group_keys (
  organisation_id uuid not null,
  group_id uuid not null,
  key_id uuid not null,
  constraint group_keys_pkey PRIMARY KEY (organisation_id, group_id, key_id),
  constraint group_keys_organisation_id_group_id_fkey FOREIGN KEY (organisation_id, group_id) REFERENCES encryption_groups(organisation_id, id),
  constraint group_keys_organisation_id_key_id_fkey FOREIGN KEY (organisation_id, key_id) REFERENCES encryption_keys(organisation_id, id)
);
comment on table group_keys is 'The key belongs to the group.';

create table import_rows (
  organisation_id uuid not null,
  import_id uuid not null,
  "row" integer not null,
  verdict text not null,
  username text,
  user_id uuid,
  constraint import_rows_pkey PRIMARY KEY (organisation_id, import_id, "row"),
  constraint import_rows_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES imports(organisation_id, id),
  constraint import_rows_row_check CHECK (("row" > 0)),
  constraint import_rows_verdict_check CHECK ((verdict <> ''::text))
);
CREATE INDEX import_rows_skipped ON public.import_rows USING btree (organisation_id, import_id, "row") WHERE (user_id IS NULL);
comment on table import_rows is 'What became of one row of an imported file. No foreign key to the user, whom it may outlive.';

create table imports (
  organisation_id uuid not null,
  id uuid not null,
  file_name text not null,
  source text,
  team_id uuid not null,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  rows integer not null,
  done integer default 0 not null,
  added integer default 0 not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint imports_pkey PRIMARY KEY (organisation_id, id),
  constraint imports_check CHECK (((done >= 0) AND (done <= rows))),
  constraint imports_check1 CHECK (((added >= 0) AND (added <= done))),
  constraint imports_check2 CHECK ((ended_at >= started_at)),
  constraint imports_ended_keep_no_source CHECK (((ended_at IS NULL) = (source IS NOT NULL))),
  constraint imports_file_name_check CHECK ((file_name <> ''::text)),
  constraint imports_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint imports_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id),
  constraint imports_rows_check CHECK ((rows >= 0))
);
CREATE INDEX imports_running ON public.imports USING btree (organisation_id, id) WHERE (ended_at IS NULL);
comment on table imports is 'People are imported from a file. source is its text until every row has its verdict.';

create table inactivity_exemptions (
  organisation_id uuid not null,
  user_id uuid not null,
  reason text not null,
  at timestamp with time zone not null,
  constraint inactivity_exemptions_pkey PRIMARY KEY (organisation_id, user_id),
  constraint inactivity_exemptions_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint inactivity_exemptions_reason_check CHECK ((reason <> ''::text))
);
comment on table inactivity_exemptions is 'The account is not disabled for inactivity, however long it is not used.';

create table inactivity_holds (
  organisation_id uuid not null,
  at timestamp with time zone not null,
  due integer not null,
  accounts integer not null,
  confirmed_at timestamp with time zone,
  done_at timestamp with time zone,
  constraint inactivity_holds_pkey PRIMARY KEY (organisation_id),
  constraint inactivity_holds_check CHECK ((accounts >= due)),
  constraint inactivity_holds_check1 CHECK ((done_at >= confirmed_at)),
  constraint inactivity_holds_due_check CHECK ((due > 0)),
  constraint inactivity_holds_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
comment on table inactivity_holds is 'So many of the accounts would have been disabled at that moment that nobody is until an administrator confirms it or the rules change. Done, it says from when on disabled accounts are counted anew.';

create table inactivity_warnings (
  organisation_id uuid not null,
  user_id uuid not null,
  active_at timestamp with time zone not null,
  days integer not null,
  recorded_at timestamp with time zone not null,
  constraint inactivity_warnings_pkey PRIMARY KEY (organisation_id, user_id, active_at, days),
  constraint inactivity_warnings_days_check CHECK ((days = ANY (ARRAY[14, 7, 3, 1]))),
  constraint inactivity_warnings_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
comment on table inactivity_warnings is 'The user was warned so many days before the account would be disabled. It counts as long as active_at is the user''s: any activity makes it void.';

create table key_versions (
  organisation_id uuid not null,
  key_id uuid not null,
  version integer not null,
  use text not null,
  recipient text,
  material text,
  kek_version integer,
  made_at timestamp with time zone,
  constraint key_versions_pkey PRIMARY KEY (organisation_id, key_id, version),
  constraint key_versions_kek_version_check CHECK ((kek_version > 0)),
  constraint key_versions_material_check CHECK ((material <> ''::text)),
  constraint key_versions_material_is_whole CHECK ((num_nulls(recipient, material, kek_version, made_at) = ANY (ARRAY[0, 4]))),
  constraint key_versions_organisation_id_key_id_fkey FOREIGN KEY (organisation_id, key_id) REFERENCES encryption_keys(organisation_id, id),
  constraint key_versions_recipient_check CHECK ((recipient <> ''::text)),
  constraint key_versions_use_check CHECK ((use = ANY (ARRAY['active'::text, 'decrypt-only'::text, 'retired'::text]))),
  constraint key_versions_version_check CHECK ((version > 0))
);
CREATE INDEX key_versions_by_kek ON public.key_versions USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
CREATE UNIQUE INDEX key_versions_one_active ON public.key_versions USING btree (organisation_id, key_id) WHERE (use = 'active'::text);
comment on table key_versions is 'One version of a key. Retired versions are on no workstation''s wish list.';
comment on column key_versions.recipient is 'The public half, an age recipient. Null with the rest of the material for versions from before there was any.';
comment on column key_versions.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';

create table known_browsers (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  secret_hash bytea not null,
  made_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  constraint known_browsers_pkey PRIMARY KEY (organisation_id, id),
  constraint known_browsers_check CHECK ((used_at >= made_at)),
  constraint known_browsers_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint known_browsers_secret_hash_check CHECK ((length(secret_hash) = 32))
);
CREATE INDEX known_browsers_of_user ON public.known_browsers USING btree (organisation_id, user_id, used_at);
comment on table known_browsers is 'A browser in which a user has signed in before: it has a cookie with the secret, of which only the hash is here, and tries passwords on an account of its own.';

create table licences (
  organisation_id uuid not null,
  id uuid not null,
  product_id text not null,
  edition text not null,
  term text not null,
  seats integer not null,
  valid_from date not null,
  valid_until date,
  revision integer default 1 not null,
  suspended_at timestamp with time zone,
  constraint licences_pkey PRIMARY KEY (organisation_id, id),
  constraint licences_check CHECK ((valid_until >= valid_from)),
  constraint licences_check1 CHECK (((term = 'perpetual'::text) OR (valid_until IS NOT NULL))),
  constraint licences_edition_check CHECK ((edition <> ''::text)),
  constraint licences_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint licences_product_id_check CHECK ((product_id <> ''::text)),
  constraint licences_revision_check CHECK ((revision > 0)),
  constraint licences_seats_check CHECK ((seats > 0)),
  constraint licences_term_check CHECK ((term = ANY (ARRAY['trial'::text, 'subscription'::text, 'perpetual'::text])))
);
comment on table licences is 'A pool of seats. valid_until is the last day it covers; null only for a perpetual one.';

create table links (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  purpose text not null,
  secret_hash bytea not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  voided_at timestamp with time zone,
  constraint links_pkey PRIMARY KEY (organisation_id, id),
  constraint links_check CHECK ((expires_at > made_at)),
  constraint links_check1 CHECK ((used_at >= made_at)),
  constraint links_check2 CHECK ((voided_at >= made_at)),
  constraint links_check3 CHECK ((num_nonnulls(used_at, voided_at) < 2)),
  constraint links_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint links_purpose_check CHECK ((purpose = ANY (ARRAY['activate-account'::text, 're-enable-account'::text, 'reset-password'::text]))),
  constraint links_secret_hash_check CHECK ((length(secret_hash) = 32))
);
CREATE UNIQUE INDEX links_one_open ON public.links USING btree (organisation_id, user_id, purpose) WHERE ((used_at IS NULL) AND (voided_at IS NULL));
comment on table links is 'Who has the secret of a link may do once what it is for, until it expires. Only the hash of the secret is here.';

create table machine_keys (
  organisation_id uuid not null,
  id uuid not null,
  material text not null,
  kek_version integer not null,
  made_at timestamp with time zone not null,
  constraint machine_keys_pkey PRIMARY KEY (organisation_id, id),
  constraint machine_keys_kek_version_check CHECK ((kek_version > 0)),
  constraint machine_keys_material_check CHECK ((material <> ''::text)),
  constraint machine_keys_one_of_an_organisation UNIQUE (organisation_id),
  constraint machine_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);
CREATE INDEX machine_keys_by_kek ON public.machine_keys USING btree (organisation_id, kek_version);
comment on table machine_keys is 'What the ids of machines are hashed under, so that nobody else recognises a machine. Never changed.';
comment on column machine_keys.material is '32 bytes, sealed under the key-encryption key and bound to this row (JWE).';

create table mail_servers (
  organisation_id uuid not null,
  id uuid not null,
  host text,
  port integer,
  security text,
  certificates text,
  sender text,
  user_name text,
  material text,
  kek_version integer,
  revision integer not null,
  constraint mail_servers_pkey PRIMARY KEY (organisation_id),
  constraint mail_servers_certificates_check CHECK ((certificates <> ''::text)),
  constraint mail_servers_host_check CHECK ((host <> ''::text)),
  constraint mail_servers_kek_version_check CHECK ((kek_version > 0)),
  constraint mail_servers_material_check CHECK ((material <> ''::text)),
  constraint mail_servers_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint mail_servers_port_check CHECK (((port >= 1) AND (port <= 65535))),
  constraint mail_servers_removed_or_whole CHECK (((num_nulls(host, port, security, sender) = 0) OR (num_nonnulls(host, port, security, sender, certificates, user_name, material, kek_version) = 0))),
  constraint mail_servers_revision_check CHECK ((revision > 1)),
  constraint mail_servers_security_check CHECK ((security = ANY (ARRAY['tls'::text, 'starttls'::text, 'none'::text]))),
  constraint mail_servers_sender_check CHECK ((sender <> ''::text)),
  constraint mail_servers_sign_in_is_whole CHECK ((num_nulls(user_name, material, kek_version) = ANY (ARRAY[0, 3]))),
  constraint mail_servers_user_name_check CHECK ((user_name <> ''::text))
);
CREATE INDEX mail_servers_by_kek ON public.mail_servers USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
comment on table mail_servers is 'The SMTP server that takes all mails of the installation: a row of the installation''s office. Without one mails wait; one that was removed leaves its revision behind, so that nobody edits what is gone.';
comment on column mail_servers.material is 'The password of user_name, sealed under the key-encryption key and bound to this row (JWE). Null where the server asks for none.';

create table mail_templates (
  organisation_id uuid not null,
  kind text not null,
  language text not null,
  subject text,
  body text,
  button text,
  revision integer not null,
  constraint mail_templates_pkey PRIMARY KEY (organisation_id, kind, language),
  constraint mail_templates_are_whole CHECK ((((subject IS NULL) = (body IS NULL)) AND ((subject IS NOT NULL) OR (button IS NULL)))),
  constraint mail_templates_body_check CHECK ((body <> ''::text)),
  constraint mail_templates_button_check CHECK ((button <> ''::text)),
  constraint mail_templates_kind_check CHECK ((kind ~ '^[a-z-]+$'::text)),
  constraint mail_templates_language_check CHECK ((language = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint mail_templates_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint mail_templates_revision_check CHECK ((revision > 1)),
  constraint mail_templates_subject_check CHECK ((subject <> ''::text))
);
comment on table mail_templates is 'What mails of a kind say in one language instead of what every installation starts with: rows of the installation''s office. One without words was given back its first ones.';
comment on column mail_templates.button is 'What the button says; null for a kind of mail that has none.';

create table mailboxes (
  address text collate "C" not null,
  organisation_id uuid not null,
  direction text not null,
  code_id uuid,
  activation_id uuid,
  last_seq bigint default 0 not null,
  constraint mailboxes_pkey PRIMARY KEY (address),
  constraint mailboxes_address_check CHECK ((address ~ '^[0-9a-f]{64}$'::text)),
  constraint mailboxes_check CHECK ((num_nulls(code_id, activation_id) = 1)),
  constraint mailboxes_direction_check CHECK ((direction = ANY (ARRAY['down'::text, 'up'::text])))
);
CREATE INDEX mailboxes_of_activation ON public.mailboxes USING btree (organisation_id, activation_id) WHERE (activation_id IS NOT NULL);
CREATE INDEX mailboxes_of_code ON public.mailboxes USING btree (organisation_id, code_id) WHERE (code_id IS NOT NULL);
comment on table mailboxes is 'Whose a mailbox at the relay is, over the whole installation: of a code until its activation has reported, then of the activation. last_seq is the last parcel that was read.';

create table mails (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  language text not null,
  details jsonb not null,
  link_id uuid,
  material text,
  kek_version integer,
  posted_at timestamp with time zone not null,
  next_at timestamp with time zone,
  attempts integer default 0 not null,
  tried_at timestamp with time zone,
  failure text,
  sent_at timestamp with time zone,
  failed_at timestamp with time zone,
  constraint mails_pkey PRIMARY KEY (organisation_id, id),
  constraint mails_attempts_check CHECK ((attempts >= 0)),
  constraint mails_failed_for_a_reason CHECK (((failed_at IS NULL) OR (failure IS NOT NULL))),
  constraint mails_failure_check CHECK ((failure <> ''::text)),
  constraint mails_keep_no_secret_afterwards CHECK (((next_at IS NOT NULL) OR (material IS NULL))),
  constraint mails_kek_version_check CHECK ((kek_version > 0)),
  constraint mails_kind_check CHECK ((kind ~ '^[a-z-]+$'::text)),
  constraint mails_language_check CHECK ((language = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint mails_material_check CHECK ((material <> ''::text)),
  constraint mails_organisation_id_link_id_fkey FOREIGN KEY (organisation_id, link_id) REFERENCES links(organisation_id, id),
  constraint mails_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint mails_secret_is_whole CHECK ((num_nulls(material, kek_version) = ANY (ARRAY[0, 2]))),
  constraint mails_wait_or_are_sent_or_have_failed CHECK ((num_nonnulls(next_at, sent_at, failed_at) = 1))
);
CREATE INDEX mails_by_kek ON public.mails USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
CREATE INDEX mails_due ON public.mails USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX mails_ended ON public.mails USING btree (COALESCE(sent_at, failed_at)) WHERE (next_at IS NULL);
CREATE INDEX mails_failed ON public.mails USING btree (failed_at) WHERE (failed_at IS NOT NULL);
CREATE INDEX mails_latest ON public.mails USING btree (posted_at);
CREATE INDEX mails_of_user ON public.mails USING btree (organisation_id, user_id, posted_at);
comment on table mails is 'A mail to a user, written down in the transaction of what it tells of. Its text is made when it is sent, or opened.';
comment on column mails.details is 'What the text names beside the user and the organisation; empty once the mail does not wait any more.';
comment on column mails.material is 'The secret of its link, or to whom it goes if nothing else knows that any more, sealed under the key-encryption key and bound to this row (JWE), as long as the mail waits.';
comment on column mails.next_at is 'When it is tried next; null once it was sent or has failed.';

create table organisation_import_rows (
  organisation_id uuid not null,
  import_id uuid not null,
  "row" integer not null,
  verdict text not null,
  organisation text,
  username text,
  target_id uuid,
  user_id uuid,
  makes_organisation boolean not null,
  is_invited boolean not null,
  constraint organisation_import_rows_pkey PRIMARY KEY (organisation_id, import_id, "row"),
  constraint organisation_import_rows_organisation_id_import_id_fkey FOREIGN KEY (organisation_id, import_id) REFERENCES organisation_imports(organisation_id, id),
  constraint organisation_import_rows_row_check CHECK (("row" > 0)),
  constraint organisation_import_rows_verdict_check CHECK ((verdict <> ''::text))
);
CREATE INDEX organisation_import_rows_making ON public.organisation_import_rows USING btree (organisation_id, import_id, organisation) WHERE makes_organisation;
comment on table organisation_import_rows is 'What became of one row of a file of organisations and people. No foreign keys to the organisation and the user, whom it may outlive.';
comment on column organisation_import_rows.target_id is 'The organisation that the row names; null while there is none.';
comment on column organisation_import_rows.makes_organisation is 'Whether the organisation was made for this row, or would be.';

create table organisation_imports (
  organisation_id uuid not null,
  id uuid not null,
  file_name text not null,
  source text,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid not null,
  actor_user_id uuid not null,
  rows integer not null,
  done integer default 0 not null,
  organisations integer default 0 not null,
  added integer default 0 not null,
  invited integer default 0 not null,
  there integer default 0 not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint organisation_imports_pkey PRIMARY KEY (organisation_id, id),
  constraint organisation_imports_check CHECK (((done >= 0) AND (done <= rows))),
  constraint organisation_imports_check1 CHECK (((organisations >= 0) AND (organisations <= added))),
  constraint organisation_imports_check2 CHECK (((added >= 0) AND (added <= done))),
  constraint organisation_imports_check3 CHECK (((invited >= 0) AND (invited <= added))),
  constraint organisation_imports_check4 CHECK (((there >= 0) AND (there <= (done - added)))),
  constraint organisation_imports_check5 CHECK ((ended_at >= started_at)),
  constraint organisation_imports_ended_keep_no_source CHECK (((ended_at IS NULL) = (source IS NOT NULL))),
  constraint organisation_imports_file_name_check CHECK ((file_name <> ''::text)),
  constraint organisation_imports_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint organisation_imports_rows_check CHECK ((rows >= 0))
);
CREATE INDEX organisation_imports_running ON public.organisation_imports USING btree (organisation_id, id) WHERE (ended_at IS NULL);
comment on table organisation_imports is 'Organisations of an authority are imported from a file with their people. source is its text until every row has its verdict.';
comment on column organisation_imports.organisation_id is 'The office of the authority.';
comment on column organisation_imports.organisations is 'How many were made, or would be.';
comment on column organisation_imports.there is 'How many rows name somebody who is in that organisation already, and is left as is.';

create table organisation_roots (
  organisation_id uuid not null,
  version integer not null,
  epoch integer not null,
  signed text not null,
  at timestamp with time zone not null,
  exported_at timestamp with time zone,
  constraint organisation_roots_pkey PRIMARY KEY (organisation_id, version),
  constraint organisation_roots_epoch_check CHECK ((epoch > 0)),
  constraint organisation_roots_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint organisation_roots_signed_check CHECK ((signed <> ''::text)),
  constraint organisation_roots_version_check CHECK ((version > 0))
);
comment on table organisation_roots is 'Append-only: one version of the organisation''s root, which says whose signatures count and in which epoch.';
comment on column organisation_roots.signed is 'The root as workstations get it, signed by its holder (key-file-format.md).';
comment on column organisation_roots.exported_at is 'When somebody confirmed, while this was the newest version, that the key files were copied to a safe place.';

create table organisations (
  id uuid not null,
  authority_id uuid,
  name text not null,
  office text default 'none'::text not null,
  disabled_at timestamp with time zone,
  deleted_at timestamp with time zone,
  revision integer default 1 not null,
  keys_exported_at timestamp with time zone,
  constraint organisations_pkey PRIMARY KEY (id),
  constraint organisations_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES authorities(id),
  constraint organisations_name_check CHECK ((name <> ''::text)),
  constraint organisations_name_key UNIQUE (name),
  constraint organisations_office_check CHECK ((office = ANY (ARRAY['none'::text, 'authority'::text, 'installation'::text]))),
  constraint organisations_only_the_installations_office_stands_alone CHECK (((authority_id IS NULL) = (office = 'installation'::text))),
  constraint organisations_revision_check CHECK ((revision > 0))
);
CREATE UNIQUE INDEX organisations_one_office_of_an_authority ON public.organisations USING btree (authority_id) WHERE (office = 'authority'::text);
CREATE UNIQUE INDEX organisations_one_office_of_the_installation ON public.organisations USING btree (office) WHERE (office = 'installation'::text);
comment on table organisations is 'The tenant. The organisation''s state is joined when a status is derived, never copied to its users.';
comment on column organisations.keys_exported_at is 'When its keys were written to a recovery file last.';

create table password_attempts (
  key bytea not null,
  organisation_id uuid,
  user_id uuid,
  place text not null,
  began_at timestamp with time zone not null,
  minutes integer not null,
  tries integer not null,
  told_at timestamp with time zone,
  constraint password_attempts_pkey PRIMARY KEY (key),
  constraint password_attempts_are_of_somebody_or_nobody CHECK ((num_nulls(organisation_id, user_id) = ANY (ARRAY[0, 2]))),
  constraint password_attempts_key_check CHECK ((length(key) = 32)),
  constraint password_attempts_minutes_check CHECK ((minutes > 0)),
  constraint password_attempts_place_check CHECK ((place = ANY (ARRAY['strangers'::text, 'known-browser'::text, 'session'::text]))),
  constraint password_attempts_tries_check CHECK ((tries >= 0))
);
CREATE INDEX password_attempts_by_beginning ON public.password_attempts USING btree (began_at);
comment on table password_attempts is 'How often a password was tried by a username, in a known browser or in a session, since the last right one. Names that nobody has are counted like all others.';
comment on column password_attempts.key is 'The hash of what it counts, so that nothing that was typed as a name stands here.';
comment on column password_attempts.minutes is 'For how long it counts; whatever comes after too many tries is refused until then.';
comment on column password_attempts.told_at is 'When it was written into the timeline that passwords are refused.';

create table password_requests (
  username text not null,
  asked_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  constraint password_requests_pkey PRIMARY KEY (username),
  constraint password_requests_check CHECK ((taken_at >= asked_at)),
  constraint password_requests_username_check CHECK ((username <> ''::text))
);
CREATE INDEX password_requests_waiting ON public.password_requests USING btree (asked_at) WHERE (taken_at IS NULL);
comment on table password_requests is 'Somebody asked, by any name, for the mail with which a password is chosen anew; as re_enabling_requests.';

create table passwords (
  organisation_id uuid not null,
  user_id uuid not null,
  hash text not null,
  changed_at timestamp with time zone not null,
  constraint passwords_pkey PRIMARY KEY (organisation_id, user_id),
  constraint passwords_hash_check CHECK ((hash ~~ '$argon2id$%'::text)),
  constraint passwords_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
comment on table passwords is 'What the user signs in with, as an Argon2id hash (PHC string format).';

create table pending_sign_ins (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  way text not null,
  secret_hash bytea not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint pending_sign_ins_pkey PRIMARY KEY (organisation_id, id),
  constraint pending_sign_ins_check CHECK ((expires_at > made_at)),
  constraint pending_sign_ins_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint pending_sign_ins_secret_hash_check CHECK ((length(secret_hash) = 32)),
  constraint pending_sign_ins_way_check CHECK ((way = ANY (ARRAY['password'::text, 'single-sign-on'::text])))
);
CREATE INDEX pending_sign_ins_of_user ON public.pending_sign_ins USING btree (organisation_id, user_id);
comment on table pending_sign_ins is 'The first step of a sign-in was done, and the second factor is asked for. It is no session and lets its holder do nothing else.';

create table person_keys (
  organisation_id uuid not null,
  user_id uuid not null,
  key bytea not null,
  constraint person_keys_pkey PRIMARY KEY (organisation_id, user_id),
  constraint person_keys_key_check CHECK ((length(key) = 32)),
  constraint person_keys_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
comment on table person_keys is 'What the personal values in the events of one user are sealed under. Deleting the user deletes the row: the events stay as they were sealed, and nobody can read the values.';

create table postings (
  organisation_id uuid not null,
  id uuid not null,
  team_id uuid,
  user_ids uuid[],
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  users integer not null,
  done integer default 0 not null,
  posted integer default 0 not null,
  last_user_id uuid,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint postings_pkey PRIMARY KEY (organisation_id, id),
  constraint postings_check CHECK (((done >= 0) AND (done <= users))),
  constraint postings_check1 CHECK ((ended_at >= started_at)),
  constraint postings_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint postings_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id),
  constraint postings_posted_check CHECK ((posted >= 0)),
  constraint postings_users_check CHECK ((users >= 0))
);
CREATE INDEX postings_running ON public.postings USING btree (organisation_id, id) WHERE (ended_at IS NULL);
comment on table postings is 'Key-Files are posted to everybody who requires an update: of a team and those below it, of the chosen, or of the organisation. Goes on where it was.';

create table posture_deltas (
  organisation_id uuid not null,
  posture_id uuid not null,
  delta integer not null,
  constraint posture_deltas_delta_check CHECK ((delta <> 0))
);
CREATE INDEX posture_deltas_by_posture ON public.posture_deltas USING btree (organisation_id, posture_id);
comment on table posture_deltas is 'Append-only until folded: by how much a posture''s number of users changed. A counter updated in place would make everybody wait.';

create table postures (
  organisation_id uuid not null,
  id uuid not null,
  team_id uuid not null,
  licence_id uuid,
  directory text not null,
  account text not null,
  blocked boolean not null,
  disabled boolean not null,
  workstations integer not null,
  team_holds text not null,
  team_content_id uuid,
  own_matches boolean not null,
  own_keys boolean not null,
  outstanding boolean not null,
  facts_code integer generated always as ((((((((((licence_id IS NOT NULL))::integer + (3 *
CASE directory
    WHEN 'none'::text THEN 0
    WHEN 'linked'::text THEN 1
    ELSE 2
END)) + (9 * (((workstations > 0) OR outstanding))::integer)) + (36 * ((NOT own_matches))::integer)) + (72 * (own_keys)::integer)) + (144 * (outstanding)::integer)) + (288 *
CASE account
    WHEN 'none'::text THEN 0
    WHEN 'pending'::text THEN 1
    WHEN 'active'::text THEN 2
    ELSE 3
END)) + (1152 * (blocked)::integer)) + (2304 * (disabled)::integer)) stored not null,
  n bigint default 0 not null,
  constraint postures_pkey PRIMARY KEY (organisation_id, id),
  constraint postures_account_check CHECK ((account = ANY (ARRAY['none'::text, 'pending'::text, 'active'::text, 'deleted'::text]))),
  constraint postures_check CHECK ((NOT (blocked AND (account = ANY (ARRAY['none'::text, 'deleted'::text]))))),
  constraint postures_check1 CHECK (((NOT disabled) OR (account = 'active'::text))),
  constraint postures_check2 CHECK (((team_holds = 'one'::text) = (team_content_id IS NOT NULL))),
  constraint postures_check3 CHECK (((team_holds = 'none'::text) = (workstations = 0))),
  constraint postures_check4 CHECK (((workstations > 0) OR own_matches)),
  constraint postures_directory_check CHECK ((directory = ANY (ARRAY['none'::text, 'linked'::text, 'missing'::text]))),
  constraint postures_organisation_id_licence_id_fkey FOREIGN KEY (organisation_id, licence_id) REFERENCES licences(organisation_id, id),
  constraint postures_organisation_id_team_content_id_fkey FOREIGN KEY (organisation_id, team_content_id) REFERENCES contents(organisation_id, id),
  constraint postures_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id),
  constraint postures_team_holds_check CHECK ((team_holds = ANY (ARRAY['none'::text, 'one'::text, 'mixed'::text]))),
  constraint postures_workstations_check CHECK ((workstations >= 0))
);
CREATE INDEX postures_by_facts ON public.postures USING btree (organisation_id, facts_code, team_id, team_content_id, licence_id, id);
comment on table postures is 'The class of all users whose facts are alike. id is made of the other columns. n counts its users, less what posture_deltas has not folded in yet.';
comment on column postures.facts_code is 'What of the facts the posture alone decides, as a mixed-radix number; what is compared or falls due is added when it is read.';

create table re_enabling_requests (
  username text not null,
  asked_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  constraint re_enabling_requests_pkey PRIMARY KEY (username),
  constraint re_enabling_requests_check CHECK ((taken_at >= asked_at)),
  constraint re_enabling_requests_username_check CHECK ((username <> ''::text))
);
CREATE INDEX re_enabling_requests_waiting ON public.re_enabling_requests USING btree (asked_at) WHERE (taken_at IS NULL);
comment on table re_enabling_requests is 'Somebody asked, by any name, for the mail that enables an account again. Who has the name is looked up only when it is taken, so that asking tells nothing; kept for as long as asking again does nothing.';

create table recovery_codes (
  organisation_id uuid not null,
  factor_id uuid not null,
  code_hash bytea not null,
  used_at timestamp with time zone,
  constraint recovery_codes_pkey PRIMARY KEY (organisation_id, factor_id, code_hash),
  constraint recovery_codes_code_hash_check CHECK ((length(code_hash) = 32)),
  constraint recovery_codes_organisation_id_factor_id_fkey FOREIGN KEY (organisation_id, factor_id) REFERENCES second_factors(organisation_id, id) ON DELETE CASCADE
);
comment on table recovery_codes is 'Each stands once for a code of the app. Only hashes are here; a code has 80 random bits.';

create table relays (
  origin text not null,
  last_news bigint default 0 not null,
  synced_at timestamp with time zone,
  failed_at timestamp with time zone,
  failure text,
  constraint relays_pkey PRIMARY KEY (origin)
);
comment on table relays is 'How far the news of a relay''s account is read, and when that last went well or not. Of the whole installation.';

create table reply_keys (
  organisation_id uuid not null,
  id uuid not null,
  recipient text not null,
  material text not null,
  kek_version integer not null,
  made_at timestamp with time zone not null,
  constraint reply_keys_pkey PRIMARY KEY (organisation_id, id),
  constraint reply_keys_kek_version_check CHECK ((kek_version > 0)),
  constraint reply_keys_material_check CHECK ((material <> ''::text)),
  constraint reply_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint reply_keys_recipient_check CHECK ((recipient ~~ 'age1%'::text))
);
CREATE INDEX reply_keys_by_kek ON public.reply_keys USING btree (organisation_id, kek_version);
comment on table reply_keys is 'An age key that workstations seal their reports to; the newest is the present one.';
comment on column reply_keys.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';

create table reports (
  organisation_id uuid not null,
  activation_id uuid not null,
  number integer not null,
  hash text not null,
  received_at timestamp with time zone,
  verdict text,
  constraint reports_pkey PRIMARY KEY (organisation_id, activation_id, number),
  constraint reports_check CHECK (((received_at IS NULL) = (verdict IS NULL))),
  constraint reports_hash_check CHECK ((length(hash) = 64)),
  constraint reports_number_check CHECK ((number > 0))
);
comment on table reports is 'The chain of a workstation''s reports: each that came, and each that only its successor has named. The last hundred are kept.';

create table role_grants (
  organisation_id uuid not null,
  user_id uuid not null,
  role text not null,
  scope_id uuid not null,
  granted_at timestamp with time zone not null,
  constraint role_grants_pkey PRIMARY KEY (organisation_id, user_id, role, scope_id),
  constraint role_grants_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint role_grants_role_check CHECK ((role = ANY (ARRAY['system-administrator'::text, 'authority-administrator'::text, 'organisation-manager'::text, 'helpdesk'::text]))),
  constraint role_grants_scope_id_fkey FOREIGN KEY (scope_id) REFERENCES organisations(id)
);
CREATE INDEX role_grants_by_scope ON public.role_grants USING btree (scope_id, role);
comment on table role_grants is 'The user holds the role in the organisation scope_id: the organisation itself, or the office of the authority or of the installation.';

create table seats (
  organisation_id uuid not null,
  user_id uuid not null,
  licence_id uuid not null,
  taken_at timestamp with time zone not null,
  constraint seats_pkey PRIMARY KEY (organisation_id, user_id),
  constraint seats_organisation_id_licence_id_fkey FOREIGN KEY (organisation_id, licence_id) REFERENCES licences(organisation_id, id),
  constraint seats_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
CREATE INDEX seats_by_licence ON public.seats USING btree (organisation_id, licence_id);
comment on table seats is 'The user holds a seat of the licence; at most one, hence the key.';

create table second_factors (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  material text not null,
  kek_version integer not null,
  made_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  used_step bigint default 0 not null,
  wrong_codes integer default 0 not null,
  waits_until timestamp with time zone,
  constraint second_factors_pkey PRIMARY KEY (organisation_id, id),
  constraint second_factors_check CHECK ((confirmed_at >= made_at)),
  constraint second_factors_kek_version_check CHECK ((kek_version > 0)),
  constraint second_factors_material_check CHECK ((material <> ''::text)),
  constraint second_factors_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint second_factors_used_step_check CHECK ((used_step >= 0)),
  constraint second_factors_wrong_codes_check CHECK ((wrong_codes >= 0))
);
CREATE INDEX second_factors_by_kek ON public.second_factors USING btree (organisation_id, kek_version);
CREATE UNIQUE INDEX second_factors_one_of_each ON public.second_factors USING btree (organisation_id, user_id, ((confirmed_at IS NOT NULL)));
comment on table second_factors is 'What an authenticator app shares with the server (TOTP, RFC 6238). Until its first code confirms it, it counts for nothing.';
comment on column second_factors.material is 'The shared secret, sealed under the key-encryption key and bound to this row (JWE).';
comment on column second_factors.used_step is 'The time step of the last code that was taken: no code is taken twice, and none from before it.';
comment on column second_factors.wrong_codes is 'Since the last right one. After a few, whoever tries has to wait, longer each time.';

create table sessions (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  name text not null,
  secret_hash bytea not null,
  former_secret_hash bytea,
  rotated_at timestamp with time zone not null,
  made_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  scope text default 'everything'::text not null,
  constraint sessions_pkey PRIMARY KEY (organisation_id, id),
  constraint sessions_browsers_do_everything CHECK (((kind = 'token'::text) OR (scope = 'everything'::text))),
  constraint sessions_check CHECK ((expires_at > made_at)),
  constraint sessions_former_secret_hash_check CHECK ((length(former_secret_hash) = 32)),
  constraint sessions_kind_check CHECK ((kind = ANY (ARRAY['browser'::text, 'token'::text]))),
  constraint sessions_name_check CHECK ((name <> ''::text)),
  constraint sessions_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint sessions_scope_check CHECK ((scope = ANY (ARRAY['everything'::text, 'reading'::text]))),
  constraint sessions_secret_hash_check CHECK ((length(secret_hash) = 32)),
  constraint sessions_tokens_do_not_rotate CHECK (((kind = 'browser'::text) OR (former_secret_hash IS NULL)))
);
CREATE INDEX sessions_by_end ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_of_user ON public.sessions USING btree (organisation_id, user_id);
comment on table sessions is 'A user is signed in: in a browser, whose secret changes as it is used, or by a token. Ending it deletes the row.';
comment on column sessions.scope is 'What is done with it: everything that its user may, or reading alone.';

create table signing_keys (
  organisation_id uuid not null,
  id uuid not null,
  kid text not null,
  role text not null,
  public_x text not null,
  material text,
  kek_version integer,
  made_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  constraint signing_keys_pkey PRIMARY KEY (organisation_id, id),
  constraint signing_keys_kek_version_check CHECK ((kek_version > 0)),
  constraint signing_keys_kid_check CHECK ((length(kid) = 43)),
  constraint signing_keys_material_check CHECK ((material <> ''::text)),
  constraint signing_keys_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint signing_keys_organisation_id_kid_key UNIQUE (organisation_id, kid),
  constraint signing_keys_public_x_check CHECK ((length(public_x) = 43)),
  constraint signing_keys_retired_keep_no_secret CHECK ((((retired_at IS NULL) = (material IS NOT NULL)) AND ((material IS NULL) = (kek_version IS NULL)))),
  constraint signing_keys_role_check CHECK ((role = ANY (ARRAY['issuer'::text, 'pulse'::text])))
);
CREATE INDEX signing_keys_by_kek ON public.signing_keys USING btree (organisation_id, kek_version) WHERE (material IS NOT NULL);
CREATE UNIQUE INDEX signing_keys_one_of_each_role ON public.signing_keys USING btree (organisation_id, role) WHERE (retired_at IS NULL);
comment on table signing_keys is 'A key that signs for the organisation. A retired one is in no root any more, and its secret half is gone.';
comment on column signing_keys.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';

create table single_sign_on (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  issuer text not null,
  client_id text not null,
  material text not null,
  kek_version integer not null,
  claim text not null,
  is_on boolean not null,
  revision integer not null,
  constraint single_sign_on_pkey PRIMARY KEY (organisation_id),
  constraint single_sign_on_claim_check CHECK ((claim = ANY (ARRAY['preferred_username'::text, 'email'::text]))),
  constraint single_sign_on_client_id_check CHECK ((client_id <> ''::text)),
  constraint single_sign_on_issuer_check CHECK ((issuer <> ''::text)),
  constraint single_sign_on_kek_version_check CHECK ((kek_version > 0)),
  constraint single_sign_on_material_check CHECK ((material <> ''::text)),
  constraint single_sign_on_name_check CHECK ((name <> ''::text)),
  constraint single_sign_on_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint single_sign_on_revision_check CHECK ((revision > 1))
);
CREATE INDEX single_sign_on_by_kek ON public.single_sign_on USING btree (organisation_id, kek_version);
comment on table single_sign_on is 'The provider by which people of an organisation may sign in. Without one: the first revision, and no row.';
comment on column single_sign_on.material is 'The client secret, sealed under the key-encryption key and bound to this row (JWE).';
comment on column single_sign_on.claim is 'Which of the provider''s claims must be the username, when somebody comes by it for the first time.';

create table single_sign_on_links (
  organisation_id uuid not null,
  user_id uuid not null,
  issuer text not null,
  subject text not null,
  made_at timestamp with time zone not null,
  constraint single_sign_on_links_pkey PRIMARY KEY (organisation_id, user_id),
  constraint single_sign_on_links_issuer_check CHECK ((issuer <> ''::text)),
  constraint single_sign_on_links_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id),
  constraint single_sign_on_links_subject_check CHECK ((subject <> ''::text))
);
CREATE UNIQUE INDEX single_sign_on_links_subject ON public.single_sign_on_links USING btree (organisation_id, issuer, subject);
comment on table single_sign_on_links is 'Who somebody is at the provider, remembered when they first came by it: names change hands there, subjects do not.';

create table single_sign_on_names (
  short_name text not null,
  organisation_id uuid not null,
  constraint single_sign_on_names_pkey PRIMARY KEY (short_name),
  constraint single_sign_on_names_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint single_sign_on_names_short_name_check CHECK ((short_name ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'::text))
);
CREATE UNIQUE INDEX single_sign_on_names_one_each ON public.single_sign_on_names USING btree (organisation_id);
comment on table single_sign_on_names is 'By what people say which organisation''s provider they mean: unique over the installation, as part of an address.';

create table team_groups (
  organisation_id uuid not null,
  team_id uuid not null,
  group_id uuid not null,
  constraint team_groups_pkey PRIMARY KEY (organisation_id, team_id, group_id),
  constraint team_groups_organisation_id_group_id_fkey FOREIGN KEY (organisation_id, group_id) REFERENCES encryption_groups(organisation_id, id),
  constraint team_groups_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id)
);
comment on table team_groups is 'The team, and every team below it, is given the group''s keys.';

create table team_revisions (
  organisation_id uuid not null,
  team_id uuid not null,
  revision integer not null,
  policy jsonb not null,
  group_ids uuid[] not null,
  desired_content_id uuid not null,
  cause_team_id uuid,
  at timestamp with time zone not null,
  constraint team_revisions_pkey PRIMARY KEY (organisation_id, team_id, revision),
  constraint team_revisions_organisation_id_desired_content_id_fkey FOREIGN KEY (organisation_id, desired_content_id) REFERENCES contents(organisation_id, id),
  constraint team_revisions_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id),
  constraint team_revisions_revision_check CHECK ((revision > 0))
);
comment on table team_revisions is 'Append-only: what a team set and should hold from a moment on. cause_team_id is the team whose change it was, null for a change of keys.';

create table teams (
  organisation_id uuid not null,
  id uuid not null,
  parent_id uuid,
  name text not null,
  policy jsonb default '{}'::jsonb not null,
  revision integer default 1 not null,
  desired_content_id uuid not null,
  constraint teams_pkey PRIMARY KEY (organisation_id, id),
  constraint teams_check CHECK ((parent_id <> id)),
  constraint teams_name_check CHECK ((name <> ''::text)),
  constraint teams_organisation_id_desired_content_id_fkey FOREIGN KEY (organisation_id, desired_content_id) REFERENCES contents(organisation_id, id),
  constraint teams_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint teams_organisation_id_parent_id_fkey FOREIGN KEY (organisation_id, parent_id) REFERENCES teams(organisation_id, id),
  constraint teams_organisation_id_parent_id_name_key UNIQUE NULLS NOT DISTINCT (organisation_id, parent_id, name),
  constraint teams_policy_check CHECK ((jsonb_typeof(policy) = 'object'::text)),
  constraint teams_revision_check CHECK ((revision > 0))
);
CREATE UNIQUE INDEX teams_one_root ON public.teams USING btree (organisation_id) WHERE (parent_id IS NULL);
comment on table teams is 'The tree of people. policy holds what this level sets itself; desired_content_id what everybody in the team should hold.';

create table unsealed_events (
  organisation_id uuid not null,
  event_id uuid not null,
  constraint unsealed_events_pkey PRIMARY KEY (organisation_id, event_id),
  constraint unsealed_events_organisation_id_event_id_fkey FOREIGN KEY (organisation_id, event_id) REFERENCES events(organisation_id, id)
);
comment on table unsealed_events is 'The tail: events that no seal covers yet. The sealer empties it.';

create table updates (
  organisation_id uuid not null,
  id uuid not null,
  activation_id uuid not null,
  user_id uuid not null,
  kind text not null,
  scope text not null,
  version integer,
  team_content_id uuid,
  own_content_id uuid,
  state text default 'posted'::text not null,
  posted_at timestamp with time zone not null,
  fetched_at timestamp with time zone,
  ended_at timestamp with time zone,
  epoch integer default 1 not null,
  orders_version integer,
  workstation_content_id uuid,
  posted_by jsonb default '{}'::jsonb not null,
  key_file_hash text,
  box_hashes text[] default '{}'::text[] not null,
  relay_seq bigint,
  delivered_at timestamp with time zone,
  cancel_asked_at timestamp with time zone,
  outcome_code text,
  outcome_detail text,
  root_version integer,
  constraint updates_pkey PRIMARY KEY (organisation_id, id),
  constraint updates_check CHECK ((scope =
CASE kind
    WHEN 'workstation-policy'::text THEN 'workstation'::text
    ELSE 'user'::text
END)),
  constraint updates_check1 CHECK ((fetched_at >= posted_at)),
  constraint updates_check2 CHECK ((ended_at >= posted_at)),
  constraint updates_ended_have_an_end CHECK (((state = ANY (ARRAY['posted'::text, 'fetched'::text])) = (ended_at IS NULL))),
  constraint updates_epoch_check CHECK ((epoch > 0)),
  constraint updates_fetched_have_a_time CHECK (((state <> 'fetched'::text) OR (fetched_at IS NOT NULL))),
  constraint updates_key_file_hash_check CHECK ((length(key_file_hash) = 64)),
  constraint updates_key_files_carry_content CHECK ((((kind = 'key-file'::text) = (version IS NOT NULL)) AND ((version IS NULL) = (team_content_id IS NULL)) AND ((version IS NULL) = (own_content_id IS NULL)))),
  constraint updates_kind_check CHECK ((kind = ANY (ARRAY['key-file'::text, 'deactivate'::text, 'force-password-change'::text, 'lock'::text, 'unlock'::text, 'workstation-policy'::text]))),
  constraint updates_orders_version_check CHECK ((orders_version > 0)),
  constraint updates_organisation_id_activation_id_epoch_version_key UNIQUE (organisation_id, activation_id, epoch, version),
  constraint updates_organisation_id_activation_id_user_id_fkey FOREIGN KEY (organisation_id, activation_id, user_id) REFERENCES activations(organisation_id, id, user_id),
  constraint updates_organisation_id_own_content_id_fkey FOREIGN KEY (organisation_id, own_content_id) REFERENCES contents(organisation_id, id),
  constraint updates_organisation_id_team_content_id_fkey FOREIGN KEY (organisation_id, team_content_id) REFERENCES contents(organisation_id, id),
  constraint updates_root_version_check CHECK ((root_version > 0)),
  constraint updates_state_check CHECK ((state = ANY (ARRAY['posted'::text, 'fetched'::text, 'processed'::text, 'failed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text]))),
  constraint updates_version_check CHECK ((version > 0))
);
CREATE INDEX updates_of_activation ON public.updates USING btree (organisation_id, activation_id);
CREATE INDEX updates_outstanding ON public.updates USING btree (organisation_id, user_id) WHERE (state = ANY (ARRAY['posted'::text, 'fetched'::text]));
CREATE INDEX updates_to_deliver ON public.updates USING btree (organisation_id, id) WHERE ((state = ANY (ARRAY['posted'::text, 'fetched'::text])) AND (delivered_at IS NULL) AND (kind = 'key-file'::text));
comment on table updates is 'Anything posted to an activation: a Key-File, or a command without a version.';
comment on column updates.box_hashes is 'The boxes in which the Key-File was put: what a rejection names.';
comment on column updates.relay_seq is 'The number that the relay gave the parcel; delivered_at says when.';
comment on column updates.root_version is 'The newest root that its Key-File brings: whoever holds the one holds the other.';

create table user_groups (
  organisation_id uuid not null,
  user_id uuid not null,
  group_id uuid not null,
  constraint user_groups_pkey PRIMARY KEY (organisation_id, user_id, group_id),
  constraint user_groups_organisation_id_group_id_fkey FOREIGN KEY (organisation_id, group_id) REFERENCES encryption_groups(organisation_id, id),
  constraint user_groups_organisation_id_user_id_fkey FOREIGN KEY (organisation_id, user_id) REFERENCES users(organisation_id, id)
);
comment on table user_groups is 'A user-specific encryption group: keys that do not come from the team.';

create table usernames (
  username text collate "C" not null,
  organisation_id uuid not null,
  user_id uuid not null,
  constraint usernames_pkey PRIMARY KEY (username),
  constraint usernames_username_check CHECK (((username <> ''::text) AND (username = lower(username))))
);
comment on table usernames is 'Every username ever given, over the whole installation: never changed, never given again.';

create table users (
  organisation_id uuid not null,
  id uuid not null,
  team_id uuid not null,
  username text collate "C" not null,
  name text not null,
  sort_name text collate "C" not null,
  email text,
  added_at timestamp with time zone not null,
  account text default 'none'::text not null,
  blocked_at timestamp with time zone,
  disabled_at timestamp with time zone,
  own_content_id uuid not null,
  posture_id uuid,
  posture_changed_at timestamp with time zone,
  removed_at timestamp with time zone,
  revision integer default 1 not null,
  active_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (organisation_id, id),
  constraint users_account_check CHECK ((account = ANY (ARRAY['none'::text, 'pending'::text, 'active'::text, 'deleted'::text]))),
  constraint users_email_check CHECK ((email <> ''::text)),
  constraint users_name_check CHECK ((name <> ''::text)),
  constraint users_only_accounts_are_blocked CHECK (((blocked_at IS NULL) OR (account = ANY (ARRAY['pending'::text, 'active'::text])))),
  constraint users_only_active_accounts_idle CHECK (((disabled_at IS NULL) OR (account = 'active'::text))),
  constraint users_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint users_organisation_id_own_content_id_fkey FOREIGN KEY (organisation_id, own_content_id) REFERENCES contents(organisation_id, id),
  constraint users_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams(organisation_id, id),
  constraint users_organisation_id_username_key UNIQUE (organisation_id, username),
  constraint users_posture FOREIGN KEY (organisation_id, posture_id) REFERENCES postures(organisation_id, id),
  constraint users_revision_check CHECK ((revision > 0)),
  constraint users_username_check CHECK (((username <> ''::text) AND (username = lower(username))))
);
CREATE INDEX users_by_name ON public.users USING btree (organisation_id, sort_name, id) INCLUDE (posture_id);
CREATE INDEX users_by_posture ON public.users USING btree (organisation_id, posture_id, sort_name, id);
CREATE INDEX users_by_team ON public.users USING btree (organisation_id, team_id);
CREATE INDEX users_disabled ON public.users USING btree (organisation_id, disabled_at) WHERE (disabled_at IS NOT NULL);
CREATE INDEX users_idle ON public.users USING btree (organisation_id, active_at) WHERE ((account = 'active'::text) AND (disabled_at IS NULL) AND (removed_at IS NULL));
comment on table users is 'People. posture_id is refreshed in the transaction that changes a fact of the user; it is null for a removed user, who is in no list and no count.';
comment on column users.active_at is 'Since when days without activity count: the last sign-in, call with an own token or opening of the Key-File, or when the account was activated, unblocked or enabled again.';

create table workstation_teams (
  organisation_id uuid not null,
  id uuid not null,
  parent_id uuid,
  name text not null,
  policy jsonb default '{}'::jsonb not null,
  revision integer default 1 not null,
  constraint workstation_teams_pkey PRIMARY KEY (organisation_id, id),
  constraint workstation_teams_check CHECK ((parent_id <> id)),
  constraint workstation_teams_name_check CHECK ((name <> ''::text)),
  constraint workstation_teams_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint workstation_teams_organisation_id_parent_id_fkey FOREIGN KEY (organisation_id, parent_id) REFERENCES workstation_teams(organisation_id, id),
  constraint workstation_teams_organisation_id_parent_id_name_key UNIQUE NULLS NOT DISTINCT (organisation_id, parent_id, name),
  constraint workstation_teams_policy_check CHECK ((jsonb_typeof(policy) = 'object'::text)),
  constraint workstation_teams_revision_check CHECK ((revision > 0))
);
CREATE UNIQUE INDEX workstation_teams_one_root ON public.workstation_teams USING btree (organisation_id) WHERE (parent_id IS NULL);
comment on table workstation_teams is 'The tree of workstations. policy holds what this level sets itself, for when nobody is signed in to a Key-File.';

create table workstations (
  organisation_id uuid not null,
  id uuid not null,
  name text not null,
  team_id uuid,
  machine_hash text,
  lost_at timestamp with time zone,
  constraint workstations_pkey PRIMARY KEY (organisation_id, id),
  constraint workstations_machine_hash_check CHECK ((length(machine_hash) = 64)),
  constraint workstations_name_check CHECK ((name <> ''::text)),
  constraint workstations_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint workstations_organisation_id_team_id_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES workstation_teams(organisation_id, id)
);
CREATE UNIQUE INDEX workstations_by_machine ON public.workstations USING btree (organisation_id, machine_hash) WHERE (machine_hash IS NOT NULL);
comment on table workstations is 'A machine. It appears by itself when a user activates on it.';
comment on column workstations.machine_hash is 'The operating system''s machine id under a key of the organisation. Null for those from before.';
