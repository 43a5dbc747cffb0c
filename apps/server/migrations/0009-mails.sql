-- Mails: what is to be sent to whom, the links in them, and the server that takes them.

alter table account_rules add mail_language text not null default 'en' check (mail_language in ('en', 'de'));
comment on column account_rules.mail_language is 'In which the people of the organisation get their mails.';

create table mail_servers (
  organisation_id uuid primary key references organisations,
  id uuid not null,
  host text not null check (host <> ''),
  port integer not null check (port between 1 and 65535),
  security text not null check (security in ('tls', 'starttls', 'none')),
  certificates text check (certificates <> ''),
  sender text not null check (sender <> ''),
  user_name text check (user_name <> ''),
  material text check (material <> ''),
  kek_version integer check (kek_version > 0),
  revision integer not null check (revision > 1),
  constraint mail_servers_sign_in_is_whole check (num_nulls(user_name, material, kek_version) in (0, 3))
);
comment on table mail_servers is 'The SMTP server that takes all mails of the installation: a row of the installation''s office. Without one mails wait; that is the first revision, and no row.';
comment on column mail_servers.material is 'The password of user_name, sealed under the key-encryption key and bound to this row (JWE). Null where the server asks for none.';
create index mail_servers_by_kek on mail_servers (organisation_id, kek_version) where material is not null;

create table links (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  purpose text not null check (purpose in ('activate-account', 're-enable-account')),
  secret_hash bytea not null check (length(secret_hash) = 32),
  made_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at),
  used_at timestamptz check (used_at >= made_at),
  voided_at timestamptz check (voided_at >= made_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users,
  check (num_nonnulls(used_at, voided_at) < 2)
);
comment on table links is 'Who has the secret of a link may do once what it is for, until it expires. Only the hash of the secret is here.';
create unique index links_one_open on links (organisation_id, user_id, purpose)
  where used_at is null and voided_at is null;

create table mails (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('activate-account', 're-enable-account', 'inactivity-warning')),
  language text not null check (language in ('en', 'de')),
  details jsonb not null,
  link_id uuid,
  material text check (material <> ''),
  kek_version integer check (kek_version > 0),
  posted_at timestamptz not null,
  next_at timestamptz,
  attempts integer not null default 0 check (attempts >= 0),
  tried_at timestamptz,
  failure text check (failure <> ''),
  sent_at timestamptz,
  failed_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users,
  foreign key (organisation_id, link_id) references links,
  constraint mails_wait_or_are_sent_or_have_failed check (num_nonnulls(next_at, sent_at, failed_at) = 1),
  constraint mails_secret_is_whole check (num_nulls(material, kek_version) in (0, 2)),
  constraint mails_keep_no_secret_afterwards check (next_at is not null or material is null),
  constraint mails_failed_for_a_reason check (failed_at is null or failure is not null)
);
comment on table mails is 'A mail to a user, written down in the transaction of what it tells of. Its text is made when it is sent, or opened.';
comment on column mails.details is 'What the text names beside the user and the organisation.';
comment on column mails.material is 'The secret of its link, sealed under the key-encryption key and bound to this row (JWE), as long as the mail waits.';
comment on column mails.next_at is 'When it is tried next; null once it was sent or has failed.';
create index mails_by_kek on mails (organisation_id, kek_version) where material is not null;
create index mails_due on mails (next_at) where next_at is not null;
create index mails_of_user on mails (organisation_id, user_id, posted_at);
create index mails_latest on mails (posted_at);
create index mails_failed on mails (failed_at) where failed_at is not null;

create table re_enabling_requests (
  username text primary key check (username <> ''),
  asked_at timestamptz not null,
  taken_at timestamptz check (taken_at >= asked_at)
);
comment on table re_enabling_requests is 'Somebody asked, by any name, for the mail that enables an account again. Who has the name is looked up only when it is taken, so that asking tells nothing; kept for as long as asking again does nothing.';
create index re_enabling_requests_waiting on re_enabling_requests (asked_at) where taken_at is null;
