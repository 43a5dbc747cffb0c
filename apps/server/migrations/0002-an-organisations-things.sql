-- Who signs in and in which roles; revisions for whoever edits; key material; imports; workstation teams.

-- The office of the installation belongs to no authority: deleting one must not touch who administers all.
alter table organisations alter authority_id drop not null;
alter table organisations add constraint organisations_only_the_installations_office_stands_alone
  check ((authority_id is null) = (office = 'installation'));
alter table organisations add revision integer not null default 1 check (revision > 0);

alter table users add revision integer not null default 1 check (revision > 0);

alter table licences add revision integer not null default 1 check (revision > 0);
alter table licences add suspended_at timestamptz;

alter table encryption_keys add revision integer not null default 1 check (revision > 0);
alter table encryption_groups add revision integer not null default 1 check (revision > 0);

alter table key_versions add recipient text check (recipient <> '');
alter table key_versions add material text check (material <> '');
alter table key_versions add kek_version integer check (kek_version > 0);
alter table key_versions add made_at timestamptz;
alter table key_versions add constraint key_versions_material_is_whole
  check (num_nulls(recipient, material, kek_version, made_at) in (0, 4));
comment on column key_versions.recipient is 'The public half, an age recipient. Null with the rest of the material for versions from before there was any.';
comment on column key_versions.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';
create index key_versions_by_kek on key_versions (organisation_id, kek_version) where material is not null;

create table canary_runs (
  id uuid primary key,
  at timestamptz not null,
  sampled integer not null check (sampled >= 0),
  unreadable integer not null check (unreadable between 0 and sampled)
);
comment on table canary_runs is 'A nightly sample of sealed key material was opened; unreadable above 0 is an alarm. Of the whole installation.';

create table role_grants (
  organisation_id uuid not null,
  user_id uuid not null,
  role text not null
    check (role in ('system-administrator', 'authority-administrator', 'organisation-manager', 'helpdesk')),
  scope_id uuid not null references organisations,
  granted_at timestamptz not null,
  primary key (organisation_id, user_id, role, scope_id),
  foreign key (organisation_id, user_id) references users
);
comment on table role_grants is 'The user holds the role in the organisation scope_id: the organisation itself, or the office of the authority or of the installation.';
create index role_grants_by_scope on role_grants (scope_id, role);

create table passwords (
  organisation_id uuid not null,
  user_id uuid not null,
  hash text not null check (hash like '$argon2id$%'),
  changed_at timestamptz not null,
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users
);
comment on table passwords is 'What the user signs in with, as an Argon2id hash (PHC string format).';

create table sessions (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('browser', 'token')),
  name text not null check (name <> ''),
  secret_hash bytea not null check (length(secret_hash) = 32),
  former_secret_hash bytea check (length(former_secret_hash) = 32),
  rotated_at timestamptz not null,
  made_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users,
  constraint sessions_tokens_do_not_rotate check (kind = 'browser' or former_secret_hash is null)
);
comment on table sessions is 'A user is signed in: in a browser, whose secret changes as it is used, or by a token. Ending it deletes the row.';
create index sessions_of_user on sessions (organisation_id, user_id);
create index sessions_by_end on sessions (expires_at);

create table answered_calls (
  organisation_id uuid not null,
  user_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  reply jsonb not null,
  at timestamptz not null,
  primary key (organisation_id, user_id, key),
  foreign key (organisation_id, user_id) references users
);
comment on table answered_calls is 'A call with an Idempotency-Key was answered: repeated within a day it gets the same reply and makes nothing.';
create index answered_calls_by_age on answered_calls (at);

-- Who acts may live in another organisation than the one that is changed: in an office.
alter table events add actor_organisation_id uuid;
comment on column events.actor_organisation_id is 'Where the actor lives, if that is another organisation than the one changed.';

create table workstation_teams (
  organisation_id uuid not null references organisations,
  id uuid not null,
  parent_id uuid check (parent_id <> id),
  name text not null check (name <> ''),
  policy jsonb not null default '{}' check (jsonb_typeof(policy) = 'object'),
  revision integer not null default 1 check (revision > 0),
  primary key (organisation_id, id),
  unique nulls not distinct (organisation_id, parent_id, name),
  foreign key (organisation_id, parent_id) references workstation_teams
);
comment on table workstation_teams is 'The tree of workstations. policy holds what this level sets itself, for when nobody is signed in to a Key-File.';
create unique index workstation_teams_one_root on workstation_teams (organisation_id) where parent_id is null;
insert into workstation_teams (organisation_id, id, parent_id, name)
  select id, gen_random_uuid(), null, 'All workstations' from organisations;

create table imports (
  organisation_id uuid not null references organisations,
  id uuid not null,
  file_name text not null check (file_name <> ''),
  source text,
  team_id uuid not null,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  rows integer not null check (rows >= 0),
  done integer not null default 0 check (done between 0 and rows),
  added integer not null default 0 check (added between 0 and done),
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, team_id) references teams,
  constraint imports_ended_keep_no_source check ((ended_at is null) = (source is not null))
);
comment on table imports is 'People are imported from a file. source is its text until every row has its verdict.';
create index imports_running on imports (organisation_id, id) where ended_at is null;

create table import_rows (
  organisation_id uuid not null,
  import_id uuid not null,
  row integer not null check (row > 0),
  verdict text not null check (verdict <> ''),
  username text,
  user_id uuid,
  primary key (organisation_id, import_id, row),
  foreign key (organisation_id, import_id) references imports
);
comment on table import_rows is 'What became of one row of an imported file. No foreign key to the user, whom it may outlive.';
create index import_rows_skipped on import_rows (organisation_id, import_id, row) where user_id is null;
