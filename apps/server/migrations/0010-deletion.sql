-- Deletion: accounts whose owners ask for it, organisations and authorities, and the values of people in events.

create table deletion_requests (
  organisation_id uuid not null,
  user_id uuid not null,
  requested_at timestamptz not null,
  due_at timestamptz not null check (due_at > requested_at),
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users
);
comment on table deletion_requests is 'The user wants the account deleted. Until due_at it can be withdrawn, which deletes the row, as carrying it out does.';
create index deletion_requests_due on deletion_requests (due_at);

create table person_keys (
  organisation_id uuid not null,
  user_id uuid not null,
  key bytea not null check (length(key) = 32),
  primary key (organisation_id, user_id),
  foreign key (organisation_id, user_id) references users
);
comment on table person_keys is 'What the personal values in the events of one user are sealed under. Deleting the user deletes the row: the events stay as they were sealed, and nobody can read the values.';

create table deletions (
  organisation_id uuid primary key references organisations,
  cause text not null check (cause in ('organisation', 'authority')),
  begun_at timestamptz not null,
  people integer not null check (people >= 0),
  erased integer not null default 0 check (erased >= 0),
  last_user_id uuid,
  erased_at timestamptz check (erased_at >= begun_at),
  ended_at timestamptz check (ended_at >= erased_at)
);
comment on table deletions is 'How far what follows the deletion of an organisation, or of its authority, has come. The mark that counts is on their rows. Goes on where it was.';
comment on column deletions.erased_at is 'When nobody was left to erase; until ended_at it is waited for the workstations'' orders to be at the relay.';

alter table authorities add revision integer not null default 1 check (revision > 0);
comment on column authorities.revision is 'Counts up with each organisation that is made or deleted in it.';

alter table organisations add keys_exported_at timestamptz;
comment on column organisations.keys_exported_at is 'When its keys were written to a recovery file last.';

alter table directory_entries add erased_at timestamptz;
comment on column directory_entries.erased_at is 'Whom it was of was deleted: it keeps no value, whatever is read of it, and nobody is made of it.';

alter table mails drop constraint mails_kind_check;
alter table mails add constraint mails_kind_check check (kind in ('activate-account', 're-enable-account',
  'inactivity-warning', 'deletion-requested', 'deletion-withdrawn', 'deletion-done'));
comment on column mails.material is 'The secret of its link, or to whom it goes if nothing else knows that any more, sealed under the key-encryption key and bound to this row (JWE), as long as the mail waits.';
