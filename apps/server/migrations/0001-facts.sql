-- The facts, the postures derived from them, and the record of every change.
-- Rules of this schema, checked by a test: organisation_id leads every key of a tenant table, there are no
-- triggers, and what must be unique over the installation lives in a table keyed by that name.

create table authorities (
  id uuid primary key,
  name text not null unique check (name <> ''),
  deleted_at timestamptz
);
comment on table authorities is 'Top container: a national authority, a group, a reseller. Shared by the whole installation.';

create table organisations (
  id uuid primary key,
  authority_id uuid not null references authorities,
  name text not null unique check (name <> ''),
  office text not null default 'none' check (office in ('none', 'authority', 'installation')),
  disabled_at timestamptz,
  deleted_at timestamptz
);
comment on table organisations is 'The tenant. The organisation''s state is joined when a status is derived, never copied to its users.';
create unique index organisations_one_office_of_an_authority on organisations (authority_id) where office = 'authority';
create unique index organisations_one_office_of_the_installation on organisations (office) where office = 'installation';

create table usernames (
  username text collate "C" primary key check (username <> '' and username = lower(username)),
  organisation_id uuid not null,
  user_id uuid not null
);
comment on table usernames is 'Every username ever given, over the whole installation: never changed, never given again.';

create table contents (
  organisation_id uuid not null references organisations,
  id uuid not null,
  fingerprint bytea not null check (length(fingerprint) = 32),
  document jsonb not null check (document ? 'policy' and document ? 'keys'),
  primary key (organisation_id, id),
  unique (organisation_id, fingerprint)
);
comment on table contents is 'What workstations hold or should hold, addressed by content: the id follows from the document alone. Never changed.';

create table teams (
  organisation_id uuid not null references organisations,
  id uuid not null,
  parent_id uuid check (parent_id <> id),
  name text not null check (name <> ''),
  policy jsonb not null default '{}' check (jsonb_typeof(policy) = 'object'),
  revision integer not null default 1 check (revision > 0),
  desired_content_id uuid not null,
  primary key (organisation_id, id),
  unique nulls not distinct (organisation_id, parent_id, name),
  foreign key (organisation_id, parent_id) references teams,
  foreign key (organisation_id, desired_content_id) references contents
);
comment on table teams is 'The tree of people. policy holds what this level sets itself; desired_content_id what everybody in the team should hold.';
create unique index teams_one_root on teams (organisation_id) where parent_id is null;

create table encryption_keys (
  organisation_id uuid not null references organisations,
  id uuid not null,
  name text not null check (name <> ''),
  primary key (organisation_id, id),
  unique (organisation_id, name)
);
comment on table encryption_keys is 'A named key. Its material is in its versions.';

create table key_versions (
  organisation_id uuid not null,
  key_id uuid not null,
  version integer not null check (version > 0),
  use text not null check (use in ('active', 'decrypt-only', 'retired')),
  primary key (organisation_id, key_id, version),
  foreign key (organisation_id, key_id) references encryption_keys
);
comment on table key_versions is 'One version of a key. Retired versions are on no workstation''s wish list.';
create unique index key_versions_one_active on key_versions (organisation_id, key_id) where use = 'active';

create table encryption_groups (
  organisation_id uuid not null references organisations,
  id uuid not null,
  name text not null check (name <> ''),
  primary key (organisation_id, id),
  unique (organisation_id, name)
);
comment on table encryption_groups is 'A named set of keys. Workstations receive keys, never groups.';

create table group_keys (
  organisation_id uuid not null,
  group_id uuid not null,
  key_id uuid not null,
  primary key (organisation_id, group_id, key_id),
  foreign key (organisation_id, group_id) references encryption_groups,
  foreign key (organisation_id, key_id) references encryption_keys
);
comment on table group_keys is 'The key belongs to the group.';

create table team_groups (
  organisation_id uuid not null,
  team_id uuid not null,
  group_id uuid not null,
  primary key (organisation_id, team_id, group_id),
  foreign key (organisation_id, team_id) references teams,
  foreign key (organisation_id, group_id) references encryption_groups
);
comment on table team_groups is 'The team, and every team below it, is given the group''s keys.';

create table team_revisions (
  organisation_id uuid not null,
  team_id uuid not null,
  revision integer not null check (revision > 0),
  policy jsonb not null,
  group_ids uuid[] not null,
  desired_content_id uuid not null,
  cause_team_id uuid,
  at timestamptz not null,
  primary key (organisation_id, team_id, revision),
  foreign key (organisation_id, team_id) references teams,
  foreign key (organisation_id, desired_content_id) references contents
);
comment on table team_revisions is 'Append-only: what a team set and should hold from a moment on. cause_team_id is the team whose change it was, null for a change of keys.';

create table licences (
  organisation_id uuid not null references organisations,
  id uuid not null,
  product_id text not null check (product_id <> ''),
  edition text not null check (edition <> ''),
  term text not null check (term in ('trial', 'subscription', 'perpetual')),
  seats integer not null check (seats > 0),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  primary key (organisation_id, id),
  check (term = 'perpetual' or valid_until is not null)
);
comment on table licences is 'A pool of seats. valid_until is the last day it covers; null only for a perpetual one.';

create table postures (
  organisation_id uuid not null,
  id uuid not null,
  team_id uuid not null,
  licence_id uuid,
  directory text not null check (directory in ('none', 'linked', 'missing')),
  account text not null check (account in ('none', 'pending', 'active', 'deleted')),
  blocked boolean not null check (not (blocked and account in ('none', 'deleted'))),
  disabled boolean not null check (not disabled or account = 'active'),
  workstations integer not null check (workstations >= 0),
  team_holds text not null check (team_holds in ('none', 'one', 'mixed')),
  team_content_id uuid,
  own_matches boolean not null,
  own_keys boolean not null,
  outstanding boolean not null,
  facts_code integer not null generated always as (
    (licence_id is not null)::integer
    + 3 * case directory when 'none' then 0 when 'linked' then 1 else 2 end
    + 9 * (workstations > 0 or outstanding)::integer
    + 36 * (not own_matches)::integer
    + 72 * own_keys::integer
    + 144 * outstanding::integer
    + 288 * case account when 'none' then 0 when 'pending' then 1 when 'active' then 2 else 3 end
    + 1152 * blocked::integer
    + 2304 * disabled::integer
  ) stored,
  n bigint not null default 0,
  primary key (organisation_id, id),
  foreign key (organisation_id, team_id) references teams,
  foreign key (organisation_id, licence_id) references licences,
  foreign key (organisation_id, team_content_id) references contents,
  check ((team_holds = 'one') = (team_content_id is not null)),
  check ((team_holds = 'none') = (workstations = 0)),
  check (workstations > 0 or own_matches)
);
comment on table postures is 'The class of all users whose facts are alike. id is made of the other columns. n counts its users, less what posture_deltas has not folded in yet.';
comment on column postures.facts_code is 'What of the facts the posture alone decides, as a mixed-radix number; what is compared or falls due is added when it is read.';
create index postures_by_facts on postures (organisation_id, facts_code, team_id, team_content_id, licence_id, id);

create table posture_deltas (
  organisation_id uuid not null,
  posture_id uuid not null,
  delta integer not null check (delta <> 0)
);
comment on table posture_deltas is 'Append-only until folded: by how much a posture''s number of users changed. A counter updated in place would make everybody wait.';
create index posture_deltas_by_posture on posture_deltas (organisation_id, posture_id);

create table users (
  organisation_id uuid not null references organisations,
  id uuid not null,
  team_id uuid not null,
  username text collate "C" not null check (username <> '' and username = lower(username)),
  name text not null check (name <> ''),
  sort_name text collate "C" not null,
  email text check (email <> ''),
  added_at timestamptz not null,
  account text not null default 'none' check (account in ('none', 'pending', 'active', 'deleted')),
  blocked_at timestamptz,
  disabled_at timestamptz,
  own_content_id uuid not null,
  posture_id uuid,
  posture_changed_at timestamptz,
  removed_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, username),
  foreign key (organisation_id, team_id) references teams,
  foreign key (organisation_id, own_content_id) references contents,
  constraint users_posture foreign key (organisation_id, posture_id) references postures,
  constraint users_only_accounts_are_blocked check (blocked_at is null or account in ('pending', 'active')),
  constraint users_only_active_accounts_idle check (disabled_at is null or account = 'active')
);
comment on table users is 'People. posture_id is refreshed in the transaction that changes a fact of the user; it is null for a removed user, who is in no list and no count.';
create index users_by_posture on users (organisation_id, posture_id, sort_name, id);
create index users_by_name on users (organisation_id, sort_name, id) include (posture_id);
create index users_by_team on users (organisation_id, team_id);

create table user_groups (
  organisation_id uuid not null,
  user_id uuid not null,
  group_id uuid not null,
  primary key (organisation_id, user_id, group_id),
  foreign key (organisation_id, user_id) references users,
  foreign key (organisation_id, group_id) references encryption_groups
);
comment on table user_groups is 'A user-specific encryption group: keys that do not come from the team.';

create table seats (
  organisation_id uuid not null,
  user_id uuid not null,
  licence_id uuid not null,
  taken_at timestamptz not null,
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users,
  foreign key (organisation_id, licence_id) references licences
);
comment on table seats is 'The user holds a seat of the licence; at most one, hence the key.';
create index seats_by_licence on seats (organisation_id, licence_id);

create table directory_links (
  organisation_id uuid not null,
  user_id uuid not null,
  object_id uuid not null,
  state text not null check (state in ('linked', 'missing')),
  missing_since timestamptz,
  primary key (organisation_id, user_id),
  unique (organisation_id, object_id),
  foreign key (organisation_id, user_id) references users,
  check ((state = 'missing') = (missing_since is not null))
);
comment on table directory_links is 'The user came from a directory; object_id is the immutable id there (objectGUID, entryUUID).';

create table activation_codes (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > issued_at),
  used_at timestamptz,
  voided_at timestamptz check (voided_at is null or used_at is null),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users
);
comment on table activation_codes is 'A one-time right to activate on one workstation. The secret itself is not kept.';
create unique index activation_codes_one_outstanding on activation_codes (organisation_id, user_id)
  where used_at is null and voided_at is null;

create table workstations (
  organisation_id uuid not null references organisations,
  id uuid not null,
  name text not null check (name <> ''),
  primary key (organisation_id, id)
);
comment on table workstations is 'A machine. It appears by itself when a user activates on it.';

create table activations (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  workstation_id uuid not null,
  admitted_at timestamptz not null,
  ended_at timestamptz check (ended_at >= admitted_at),
  next_version integer not null default 1 check (next_version > 0),
  applied_version integer not null default 0 check (applied_version >= 0 and applied_version < next_version),
  applied_team_content_id uuid not null,
  applied_own_content_id uuid not null,
  last_report_at timestamptz check ((last_report_at is null) = (applied_version = 0)),
  primary key (organisation_id, id),
  unique (organisation_id, id, user_id),
  foreign key (organisation_id, user_id) references users,
  foreign key (organisation_id, workstation_id) references workstations,
  foreign key (organisation_id, applied_team_content_id) references contents,
  foreign key (organisation_id, applied_own_content_id) references contents
);
comment on table activations is 'One user on one workstation, with one Key-File. Before the first report it holds the empty content.';
create unique index activations_one_of_a_user_on_a_workstation on activations (organisation_id, user_id, workstation_id)
  where ended_at is null;

create table updates (
  organisation_id uuid not null,
  id uuid not null,
  activation_id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('key-file', 'deactivate', 'force-password-change', 'lock', 'unlock', 'workstation-policy')),
  scope text not null check (scope = case kind when 'workstation-policy' then 'workstation' else 'user' end),
  version integer check (version > 0),
  team_content_id uuid,
  own_content_id uuid,
  state text not null default 'posted'
    check (state in ('posted', 'fetched', 'processed', 'failed', 'rejected', 'cancelled', 'superseded')),
  posted_at timestamptz not null,
  fetched_at timestamptz check (fetched_at >= posted_at),
  ended_at timestamptz check (ended_at >= posted_at),
  primary key (organisation_id, id),
  unique (organisation_id, activation_id, version),
  foreign key (organisation_id, activation_id, user_id) references activations (organisation_id, id, user_id),
  foreign key (organisation_id, team_content_id) references contents,
  foreign key (organisation_id, own_content_id) references contents,
  constraint updates_key_files_carry_content
    check ((kind = 'key-file') = (version is not null) and (version is null) = (team_content_id is null)
      and (version is null) = (own_content_id is null)),
  constraint updates_ended_have_an_end check ((state in ('posted', 'fetched')) = (ended_at is null)),
  constraint updates_fetched_have_a_time check (state <> 'fetched' or fetched_at is not null)
);
comment on table updates is 'Anything posted to an activation: a Key-File, or a command without a version.';
create index updates_outstanding on updates (organisation_id, user_id) where state in ('posted', 'fetched');
create index updates_of_activation on updates (organisation_id, activation_id);

create table events (
  organisation_id uuid not null references organisations,
  id uuid not null,
  at timestamptz not null,
  kind text not null check (kind <> ''),
  actor_role text not null check (actor_role <> ''),
  actor_user_id uuid,
  user_id uuid,
  team_id uuid,
  licence_id uuid,
  detail jsonb not null default '{}',
  primary key (organisation_id, id)
);
comment on table events is 'Append-only, written in the transaction of the change: the audit and every timeline. No foreign keys, because it outlives what it tells of.';
create index events_of_user on events (organisation_id, user_id, id) where user_id is not null;
create index events_of_team on events (organisation_id, team_id, id) where team_id is not null;
create index events_of_licence on events (organisation_id, licence_id, id) where licence_id is not null;

create table unsealed_events (
  organisation_id uuid not null,
  event_id uuid not null,
  primary key (organisation_id, event_id),
  foreign key (organisation_id, event_id) references events
);
comment on table unsealed_events is 'The tail: events that no seal covers yet. The sealer empties it.';

create table event_seals (
  organisation_id uuid not null references organisations,
  number integer not null check (number > 0),
  event_ids uuid[] not null check (cardinality(event_ids) > 0),
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  sealed_at timestamptz not null,
  primary key (organisation_id, number)
);
comment on table event_seals is 'A hash chain over batches of events: hash covers previous_hash and every event of the batch in this order.';
