-- Directories that people are imported from: how they are reached, who was seen in them, and every run with its plan.

create table directories (
  organisation_id uuid not null references organisations,
  id uuid not null,
  name text not null check (name <> ''),
  kind text not null check (kind in ('active-directory', 'openldap', '389-ds')),
  host text not null check (host <> ''),
  port integer not null check (port between 1 and 65535),
  security text not null check (security in ('ldaps', 'starttls')),
  certificates text check (certificates <> ''),
  bind_name text not null check (bind_name <> ''),
  material text not null check (material <> ''),
  kek_version integer not null check (kek_version > 0),
  base text not null check (base <> ''),
  filter text not null check (filter <> ''),
  mapping jsonb not null check (mapping ?& array['name', 'username', 'email']),
  mode text not null check (mode in ('manual', 'team', 'units')),
  team_id uuid,
  follows boolean not null,
  username_suffix text not null check (username_suffix <> ''),
  interval_minutes integer not null check (interval_minutes > 0),
  full_hours integer not null check (full_hours > 0),
  guard_least integer not null check (guard_least >= 0),
  guard_percent integer not null check (guard_percent between 0 and 50),
  is_on boolean not null,
  revision integer not null default 1 check (revision > 0),
  mark_server text,
  mark_value text,
  next_run_at timestamptz,
  next_full_at timestamptz,
  failing_since timestamptz,
  failure text,
  primary key (organisation_id, id),
  unique (organisation_id, name),
  check (num_nulls(mark_server, mark_value) in (0, 2)),
  check ((failing_since is null) = (failure is null))
);
comment on table directories is 'A directory that people are imported from, and how it is reached and read.';
comment on column directories.material is 'The password of the account that reads, sealed under the key-encryption key and bound to this row (JWE).';
comment on column directories.team_id is 'Where people go; null, or a team that is gone, for the root team.';
comment on column directories.mark_value is 'Up to where changes of mark_server are known. Null: everything is to be read.';
create index directories_by_kek on directories (organisation_id, kek_version);
create index directories_due on directories (next_run_at) where next_run_at is not null;

alter table directory_links add directory_id uuid;
alter table directory_links add disabled_at timestamptz;
alter table directory_links add foreign key (organisation_id, directory_id) references directories;
comment on column directory_links.directory_id is 'Null for a link from before there were directories.';
comment on column directory_links.disabled_at is 'Since when the directory account is disabled, which orphans nobody.';
create index directory_links_of_directory on directory_links (organisation_id, directory_id, object_id);

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
  gone_at timestamptz,
  choice text not null default 'none' check (choice in ('none', 'import', 'ignore')),
  chosen_team_id uuid,
  chosen_user_id uuid,
  former_user_id uuid,
  primary key (organisation_id, directory_id, object_id),
  foreign key (organisation_id, directory_id) references directories,
  constraint directory_entries_only_imports_are_chosen_for
    check (choice = 'import' or num_nonnulls(chosen_team_id, chosen_user_id) = 0)
);
comment on table directory_entries is 'Somebody who was seen in a directory, and what was decided about it here.';
comment on column directory_entries.former_user_id is 'The user that it was linked to last: whoever comes back is linked again.';

create table directory_runs (
  organisation_id uuid not null,
  id uuid not null,
  directory_id uuid not null,
  kind text not null check (kind in ('full', 'changes', 'chosen')),
  is_dry_run boolean not null,
  state text not null
    check (state in ('waiting', 'reading', 'planning', 'held', 'applying', 'done', 'failed', 'cancelled', 'superseded')),
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  runner uuid,
  lease_until timestamptz,
  cancel_asked_at timestamptz,
  read integer not null default 0 check (read >= 0),
  is_complete boolean not null default false,
  incomplete_because text,
  mark_server text,
  mark_value text,
  linked integer not null default 0,
  counts jsonb not null default '{}',
  rows integer not null default 0 check (rows >= 0),
  done integer not null default 0 check (done between 0 and rows),
  held_limit integer,
  held_rule text,
  confirmed_at timestamptz,
  confirmed_role text,
  confirmed_organisation_id uuid,
  confirmed_user_id uuid,
  failure text,
  primary key (organisation_id, id),
  foreign key (organisation_id, directory_id) references directories,
  check ((state in ('done', 'failed', 'cancelled', 'superseded')) = (ended_at is not null)),
  check ((state = 'failed') = (failure is not null)),
  check (num_nulls(runner, lease_until) in (0, 2)),
  check ((confirmed_at is null) = (confirmed_user_id is null)),
  check (not is_complete or kind = 'full')
);
comment on table directory_runs is 'One reading of a directory, its plan, and how far that is applied. Only a complete one shows who is gone.';
comment on column directory_runs.runner is 'The server process that works at it, until lease_until unless it says again that it does.';
create unique index directory_runs_one_at_a_time on directory_runs (organisation_id, directory_id)
  where state in ('waiting', 'reading', 'planning', 'applying');
create index directory_runs_of_directory on directory_runs (organisation_id, directory_id, id);
create index directory_runs_to_work_at on directory_runs (organisation_id, id)
  where state in ('waiting', 'reading', 'planning', 'applying');

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
  primary key (organisation_id, run_id, object_id),
  foreign key (organisation_id, run_id) references directory_runs
);
comment on table directory_reads is 'What a run has read, until it has ended. team_id is the team of its units, if there is one.';
create index directory_reads_by_username on directory_reads (organisation_id, run_id, username, object_id);

create table directory_plan_rows (
  organisation_id uuid not null,
  run_id uuid not null,
  row integer not null check (row > 0),
  object_id uuid not null,
  action text not null check (action in ('create', 'update', 'link', 'relink', 'orphan', 'remove', 'skip')),
  code text not null,
  user_id uuid,
  dn text not null,
  name text not null,
  username text,
  change jsonb not null,
  outcome text check (outcome in ('applied', 'changed-meanwhile')),
  primary key (organisation_id, run_id, row),
  foreign key (organisation_id, run_id) references directory_runs
);
comment on table directory_plan_rows is 'One row of a plan: what becomes of one person. No foreign key to the user, whom it may outlive.';
