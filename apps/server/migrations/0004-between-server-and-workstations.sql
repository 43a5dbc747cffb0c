-- What travels between server and workstations: codes and mailboxes with their sealed secrets, devices, reports, and how
-- far each update has come at the relay. On the wire an activation has the id that its code reserved for it.

alter table activation_codes add activation_id uuid;
alter table activation_codes add material text check (material <> '');
alter table activation_codes add kek_version integer check (kek_version > 0);
alter table activation_codes add offered_at timestamptz;
alter table activation_codes add offer_seq bigint;
alter table activation_codes add withdrawn_at timestamptz;
alter table activation_codes add closed_at timestamptz;
alter table activation_codes add device text check (length(device) = 43);
alter table activation_codes add constraint activation_codes_material_is_whole
  check (num_nulls(activation_id, material, kek_version) in (0, 3));
comment on column activation_codes.material is 'What grew from the code, sealed for this row: the secrets of its two mailboxes, the offer and its key, the MAC key of joins, and the age identity that they are sealed to. Null for codes from before there was a relay.';
comment on column activation_codes.device is 'The thumbprint of the device that used it.';
create index activation_codes_to_offer on activation_codes (organisation_id, id)
  where material is not null and offered_at is null and voided_at is null and used_at is null;

create index activation_codes_by_kek on activation_codes (organisation_id, kek_version) where material is not null;

create table mailboxes (
  address text collate "C" primary key check (address ~ '^[0-9a-f]{64}$'),
  organisation_id uuid not null,
  direction text not null check (direction in ('down', 'up')),
  code_id uuid,
  activation_id uuid,
  last_seq bigint not null default 0,
  check (num_nulls(code_id, activation_id) = 1)
);
comment on table mailboxes is 'Whose a mailbox at the relay is, over the whole installation: of a code until its activation has reported, then of the activation. last_seq is the last parcel that was read.';
create index mailboxes_of_code on mailboxes (organisation_id, code_id) where code_id is not null;
create index mailboxes_of_activation on mailboxes (organisation_id, activation_id) where activation_id is not null;

create table relays (
  origin text primary key,
  last_news bigint not null default 0,
  synced_at timestamptz,
  failed_at timestamptz,
  failure text
);
comment on table relays is 'How far the news of a relay''s account is read, and when that last went well or not. Of the whole installation.';

alter table workstations add team_id uuid;
alter table workstations add machine_hash text check (length(machine_hash) = 64);
alter table workstations add lost_at timestamptz;
alter table workstations add foreign key (organisation_id, team_id) references workstation_teams;
update workstations w set team_id = t.id from workstation_teams t
  where t.organisation_id = w.organisation_id and t.parent_id is null;
create unique index workstations_by_machine on workstations (organisation_id, machine_hash) where machine_hash is not null;
comment on column workstations.machine_hash is 'The operating system''s machine id under a key of the organisation. Null for those from before.';

alter table activations add code_id uuid;
alter table activations add device text check (length(device) = 43);
alter table activations add device_x text check (length(device_x) = 43);
alter table activations add box text;
alter table activations add orders_box text;
alter table activations add material text check (material <> '');
alter table activations add kek_version integer check (kek_version > 0);
alter table activations add applied_epoch integer not null default 1 check (applied_epoch > 0);
alter table activations add orders_version integer not null default 0 check (orders_version >= 0);
alter table activations add orders_hash text;
alter table activations add orders_seq bigint;
alter table activations add orders_delivered_version integer not null default 0
  check (orders_delivered_version between 0 and orders_version);
alter table activations add is_locked boolean not null default false;
alter table activations add pulse_at timestamptz;
alter table activations add former_pulse_at timestamptz;
alter table activations add report_number integer not null default 0 check (report_number >= 0);
alter table activations add opened_at timestamptz;
alter table activations add os text;
alter table activations add client text;
alter table activations add keystore text;
alter table activations add clock_skew_seconds integer;
alter table activations add forked_at timestamptz;
alter table activations add ahead_epoch integer;
alter table activations add ahead_version integer;
alter table activations add workstation_content_id uuid;
alter table activations add root_version integer not null default 1;
alter table activations add constraint activations_device_is_whole
  check (num_nulls(code_id, device, device_x, box, orders_box, material, kek_version) in (0, 7));
comment on column activations.material is 'The secrets of the activation''s two mailboxes and of its nonces, sealed for this row.';
comment on column activations.ahead_version is 'A report named this version, which the server never made: it was restored from a backup.';
comment on column activations.report_number is 'The highest number of a report that was taken.';
create index activations_by_kek on activations (organisation_id, kek_version) where material is not null;
create index activations_with_orders_due on activations (organisation_id, id) where orders_delivered_version < orders_version;
create index activations_by_pulse on activations (organisation_id, pulse_at nulls first) where ended_at is null and device is not null;

create table reports (
  organisation_id uuid not null,
  activation_id uuid not null,
  number integer not null check (number > 0),
  hash text not null check (length(hash) = 64),
  received_at timestamptz,
  verdict text,
  primary key (organisation_id, activation_id, number),
  check ((received_at is null) = (verdict is null))
);
comment on table reports is 'The chain of a workstation''s reports: each that came, and each that only its successor has named. The last hundred are kept.';

alter table updates add epoch integer not null default 1 check (epoch > 0);
alter table updates add orders_version integer check (orders_version > 0);
alter table updates add workstation_content_id uuid;
alter table updates add posted_by jsonb not null default '{}';
alter table updates add key_file_hash text check (length(key_file_hash) = 64);
alter table updates add box_hashes text[] not null default '{}';
alter table updates add relay_seq bigint;
alter table updates add delivered_at timestamptz;
alter table updates add cancel_asked_at timestamptz;
alter table updates add outcome_code text;
alter table updates add outcome_detail text;
alter table updates drop constraint updates_organisation_id_activation_id_version_key;
alter table updates add unique (organisation_id, activation_id, epoch, version);
comment on column updates.relay_seq is 'The number that the relay gave the parcel; delivered_at says when.';
comment on column updates.box_hashes is 'The boxes in which the Key-File was put: what a rejection names.';
create index updates_to_deliver on updates (organisation_id, id)
  where state in ('posted', 'fetched') and delivered_at is null and kind = 'key-file';

create table postings (
  organisation_id uuid not null references organisations,
  id uuid not null,
  team_id uuid,
  user_ids uuid[],
  actor_role text not null,
  actor_organisation_id uuid,
  actor_user_id uuid,
  users integer not null check (users >= 0),
  done integer not null default 0 check (done between 0 and users),
  posted integer not null default 0 check (posted >= 0),
  last_user_id uuid,
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  primary key (organisation_id, id),
  foreign key (organisation_id, team_id) references teams
);
comment on table postings is 'Key-Files are posted to everybody who requires an update: of a team and those below it, of the chosen, or of the organisation. Goes on where it was.';
create index postings_running on postings (organisation_id, id) where ended_at is null;
