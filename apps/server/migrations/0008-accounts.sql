-- Accounts: who blocked whom, why and until when, and what an organisation decides about that.

create table account_rules (
  organisation_id uuid primary key references organisations,
  unblocking text not null check (unblocking in ('compatible', 'strict')),
  inactive_days integer not null check (inactive_days between 30 and 730),
  revision integer not null check (revision > 1)
);
comment on table account_rules is 'What an organisation has other than the rules that every organisation starts with: those are its first revision, and no row.';
comment on column account_rules.inactive_days is 'An account is disabled after more than so many days without activity.';
comment on column account_rules.unblocking is 'Strict: nobody changes or lifts a block that somebody of a higher role has set.';

create table blocks (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('system-administrator', 'authority-administrator', 'organisation-manager')),
  actor_organisation_id uuid,
  actor_user_id uuid,
  at timestamptz not null,
  reason text not null check (reason <> ''),
  user_reason text check (user_reason <> ''),
  until timestamptz check (until > at),
  lifted_at timestamptz check (lifted_at >= at),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users
);
comment on table blocks is 'An account was blocked, and why. The mark itself is on the user; a block from before this table has no row.';
comment on column blocks.role is 'The highest in which it was set or changed.';
comment on column blocks.user_reason is 'What the user is told after the right password; reason is for administrators alone.';
create unique index blocks_one_standing on blocks (organisation_id, user_id) where lifted_at is null;
create index blocks_of_user on blocks (organisation_id, user_id, at);
create index blocks_by_end on blocks (until) where lifted_at is null and until is not null;

alter table users add active_at timestamptz not null default now();
comment on column users.active_at is 'Since when days without activity count: the last sign-in, call with an own token or opening of the Key-File, or when the account was activated, unblocked or enabled again.';
create index users_idle on users (organisation_id, active_at)
  where account = 'active' and disabled_at is null and removed_at is null;
create index users_disabled on users (organisation_id, disabled_at) where disabled_at is not null;
create index activations_opened on activations (organisation_id, user_id, opened_at) where opened_at is not null;

create table inactivity_exemptions (
  organisation_id uuid not null,
  user_id uuid not null,
  reason text not null check (reason <> ''),
  at timestamptz not null,
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users
);
comment on table inactivity_exemptions is 'The account is not disabled for inactivity, however long it is not used.';

create table inactivity_warnings (
  organisation_id uuid not null,
  user_id uuid not null,
  active_at timestamptz not null,
  days integer not null check (days in (14, 7, 3, 1)),
  recorded_at timestamptz not null,
  primary key (organisation_id, user_id, active_at, days),
  foreign key (organisation_id, user_id) references users
);
comment on table inactivity_warnings is 'The user was warned so many days before the account would be disabled. It counts as long as active_at is the user''s: any activity makes it void.';

create table inactivity_holds (
  organisation_id uuid primary key references organisations,
  at timestamptz not null,
  due integer not null check (due > 0),
  accounts integer not null check (accounts >= due),
  confirmed_at timestamptz,
  done_at timestamptz check (done_at >= confirmed_at)
);
comment on table inactivity_holds is 'So many of the accounts would have been disabled at that moment that nobody is until an administrator confirms it or the rules change. Done, it says from when on disabled accounts are counted anew.';

create table account_batches (
  organisation_id uuid not null references organisations,
  id uuid not null,
  action text not null check (action in ('block-account', 'unblock-account')),
  reason text check (reason <> ''),
  user_reason text check (user_reason <> ''),
  until timestamptz,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid not null,
  actor_user_id uuid not null,
  users integer not null check (users > 0),
  done integer not null default 0 check (done between 0 and users),
  changed integer not null default 0 check (changed between 0 and done),
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  primary key (organisation_id, id),
  check ((ended_at is not null) = (done = users)),
  check ((action = 'block-account') = (reason is not null))
);
comment on table account_batches is 'Many accounts are blocked or unblocked, one after the other, each with a verdict of its own. Goes on where it was.';
create index account_batches_running on account_batches (organisation_id, id) where ended_at is null;

create table account_batch_rows (
  organisation_id uuid not null,
  batch_id uuid not null,
  row integer not null check (row > 0),
  user_id uuid not null,
  verdict text check (verdict <> ''),
  primary key (organisation_id, batch_id, row),
  unique (organisation_id, batch_id, user_id),
  foreign key (organisation_id, batch_id) references account_batches
);
comment on table account_batch_rows is 'What became of one account of a batch; null until it was looked at. No foreign key to the user, whom it may outlive.';
create index account_batch_rows_waiting on account_batch_rows (organisation_id, batch_id, row) where verdict is null;
