-- The road to a workstation: what is signed and sealed on it, and what travels.

create table organisation_roots (
  organisation_id uuid not null references organisations,
  version integer not null check (version > 0),
  epoch integer not null check (epoch > 0),
  signed text not null check (signed <> ''),
  at timestamptz not null,
  exported_at timestamptz,
  primary key (organisation_id, version)
);
comment on table organisation_roots is 'Append-only: one version of the organisation''s root, which says whose signatures count and in which epoch.';
comment on column organisation_roots.signed is 'The root as workstations get it, signed by its holder (key-file-format.md).';
comment on column organisation_roots.exported_at is 'When somebody confirmed, while this was the newest version, that the key files were copied to a safe place.';

create table signing_keys (
  organisation_id uuid not null references organisations,
  id uuid not null,
  kid text not null check (length(kid) = 43),
  role text not null check (role in ('issuer', 'pulse')),
  public_x text not null check (length(public_x) = 43),
  material text check (material <> ''),
  kek_version integer check (kek_version > 0),
  made_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, kid),
  constraint signing_keys_retired_keep_no_secret
    check ((retired_at is null) = (material is not null) and (material is null) = (kek_version is null))
);
comment on table signing_keys is 'A key that signs for the organisation. A retired one is in no root any more, and its secret half is gone.';
comment on column signing_keys.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';
create unique index signing_keys_one_of_each_role on signing_keys (organisation_id, role) where retired_at is null;
create index signing_keys_by_kek on signing_keys (organisation_id, kek_version) where material is not null;

create table reply_keys (
  organisation_id uuid not null references organisations,
  id uuid not null,
  recipient text not null check (recipient like 'age1%'),
  material text not null check (material <> ''),
  kek_version integer not null check (kek_version > 0),
  made_at timestamptz not null,
  primary key (organisation_id, id)
);
comment on table reply_keys is 'An age key that workstations seal their reports to; the newest is the present one.';
comment on column reply_keys.material is 'The secret half, sealed under the key-encryption key and bound to this row (JWE).';
create index reply_keys_by_kek on reply_keys (organisation_id, kek_version);

create table machine_keys (
  organisation_id uuid not null references organisations,
  id uuid not null,
  material text not null check (material <> ''),
  kek_version integer not null check (kek_version > 0),
  made_at timestamptz not null,
  primary key (organisation_id, id),
  constraint machine_keys_one_of_an_organisation unique (organisation_id)
);
comment on table machine_keys is 'What the ids of machines are hashed under, so that nobody else recognises a machine. Never changed.';
comment on column machine_keys.material is '32 bytes, sealed under the key-encryption key and bound to this row (JWE).';
create index machine_keys_by_kek on machine_keys (organisation_id, kek_version);
