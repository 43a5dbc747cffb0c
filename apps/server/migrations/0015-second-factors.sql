-- Second factors, and signing in by an organisation's own provider (OpenID Connect).

alter table account_rules
  add second_factor text not null default 'optional' check (second_factor in ('optional', 'required')),
  add single_sign_on_for text not null default 'users' check (single_sign_on_for in ('users', 'managers'));
comment on column account_rules.second_factor is 'Required: whoever is signed in without one can only set one up.';
comment on column account_rules.single_sign_on_for is 'Users: those without a role. Managers: also those whose roles reach no further than the organisation.';

create table second_factors (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  material text not null check (material <> ''),
  kek_version integer not null check (kek_version > 0),
  made_at timestamptz not null,
  confirmed_at timestamptz check (confirmed_at >= made_at),
  used_step bigint not null default 0 check (used_step >= 0),
  wrong_codes integer not null default 0 check (wrong_codes >= 0),
  waits_until timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users
);
comment on table second_factors is 'What an authenticator app shares with the server (TOTP, RFC 6238). Until its first code confirms it, it counts for nothing.';
comment on column second_factors.material is 'The shared secret, sealed under the key-encryption key and bound to this row (JWE).';
comment on column second_factors.used_step is 'The time step of the last code that was taken: no code is taken twice, and none from before it.';
comment on column second_factors.wrong_codes is 'Since the last right one. After a few, whoever tries has to wait, longer each time.';
create unique index second_factors_one_of_each on second_factors (organisation_id, user_id, (confirmed_at is not null));
create index second_factors_by_kek on second_factors (organisation_id, kek_version);

create table recovery_codes (
  organisation_id uuid not null,
  factor_id uuid not null,
  code_hash bytea not null check (length(code_hash) = 32),
  used_at timestamptz,
  primary key (organisation_id, factor_id, code_hash),
  foreign key (organisation_id, factor_id) references second_factors on delete cascade
);
comment on table recovery_codes is 'Each stands once for a code of the app. Only hashes are here; a code has 80 random bits.';

create table pending_sign_ins (
  organisation_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  way text not null check (way in ('password', 'single-sign-on')),
  secret_hash bytea not null check (length(secret_hash) = 32),
  made_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, user_id) references users
);
comment on table pending_sign_ins is 'The first step of a sign-in was done, and the second factor is asked for. It is no session and lets its holder do nothing else.';
create index pending_sign_ins_of_user on pending_sign_ins (organisation_id, user_id);

create table single_sign_on (
  organisation_id uuid primary key references organisations,
  id uuid not null,
  name text not null check (name <> ''),
  issuer text not null check (issuer <> ''),
  client_id text not null check (client_id <> ''),
  material text not null check (material <> ''),
  kek_version integer not null check (kek_version > 0),
  claim text not null check (claim in ('preferred_username', 'email')),
  is_on boolean not null,
  revision integer not null check (revision > 1)
);
comment on table single_sign_on is 'The provider by which people of an organisation may sign in. Without one: the first revision, and no row.';
comment on column single_sign_on.material is 'The client secret, sealed under the key-encryption key and bound to this row (JWE).';
comment on column single_sign_on.claim is 'Which of the provider''s claims must be the username, when somebody comes by it for the first time.';
create index single_sign_on_by_kek on single_sign_on (organisation_id, kek_version);

create table single_sign_on_names (
  short_name text primary key check (short_name ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
  organisation_id uuid not null references organisations
);
comment on table single_sign_on_names is 'By what people say which organisation''s provider they mean: unique over the installation, as part of an address.';
create unique index single_sign_on_names_one_each on single_sign_on_names (organisation_id);

create table single_sign_on_links (
  organisation_id uuid not null,
  user_id uuid not null,
  issuer text not null check (issuer <> ''),
  subject text not null check (subject <> ''),
  made_at timestamptz not null,
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users
);
comment on table single_sign_on_links is 'Who somebody is at the provider, remembered when they first came by it: names change hands there, subjects do not.';
create unique index single_sign_on_links_subject on single_sign_on_links (organisation_id, issuer, subject);
