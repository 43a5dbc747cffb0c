-- Passwords that were forgotten, how often they may be tried, browsers that are known, and what a token may do.

alter table sessions add scope text not null default 'everything' check (scope in ('everything', 'reading'));
comment on column sessions.scope is 'What is done with it: everything that its user may, or reading alone.';
alter table sessions add constraint sessions_browsers_do_everything check (kind = 'token' or scope = 'everything');

create table known_browsers (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  made_at timestamptz not null,
  used_at timestamptz not null check (used_at >= made_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users
);
comment on table known_browsers is 'A browser in which a user has signed in before: it has a cookie with the secret, of which only the hash is here, and tries passwords on an account of its own.';
create index known_browsers_of_user on known_browsers (organisation_id, user_id, used_at);

create table password_attempts (
  key bytea primary key check (length(key) = 32),
  organisation_id uuid,
  user_id uuid,
  place text not null check (place in ('strangers', 'known-browser', 'session')),
  began_at timestamptz not null,
  minutes integer not null check (minutes > 0),
  tries integer not null check (tries >= 0),
  told_at timestamptz,
  constraint password_attempts_are_of_somebody_or_nobody check (num_nulls(organisation_id, user_id) in (0, 2))
);
comment on table password_attempts is 'How often a password was tried by a username, in a known browser or in a session, since the last right one. Names that nobody has are counted like all others.';
comment on column password_attempts.key is 'The hash of what it counts, so that nothing that was typed as a name stands here.';
comment on column password_attempts.minutes is 'For how long it counts; whatever comes after too many tries is refused until then.';
comment on column password_attempts.told_at is 'When it was written into the timeline that passwords are refused.';
create index password_attempts_by_beginning on password_attempts (began_at);

create table password_requests (
  username text primary key check (username <> ''),
  asked_at timestamptz not null,
  taken_at timestamptz check (taken_at >= asked_at)
);
comment on table password_requests is 'Somebody asked, by any name, for the mail with which a password is chosen anew; as re_enabling_requests.';
create index password_requests_waiting on password_requests (asked_at) where taken_at is null;

alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
  check (purpose in ('activate-account', 're-enable-account', 'reset-password'));
alter table mails drop constraint mails_kind_check;
alter table mails add constraint mails_kind_check check (kind in ('activate-account', 're-enable-account',
  'inactivity-warning', 'reset-password', 'password-changed', 'account-stays-blocked'));
