-- Organisations and their people from one file; invitations sent again as a batch.

create table organisation_imports (
  organisation_id uuid not null references organisations,
  id uuid not null,
  file_name text not null check (file_name <> ''),
  source text,
  is_dry_run boolean not null,
  actor_role text not null,
  actor_organisation_id uuid not null,
  actor_user_id uuid not null,
  rows integer not null check (rows >= 0),
  done integer not null default 0 check (done between 0 and rows),
  organisations integer not null default 0 check (organisations between 0 and added),
  added integer not null default 0 check (added between 0 and done),
  invited integer not null default 0 check (invited between 0 and added),
  there integer not null default 0 check (there between 0 and done - added),
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  primary key (organisation_id, id),
  constraint organisation_imports_ended_keep_no_source check ((ended_at is null) = (source is not null))
);
comment on table organisation_imports is 'Organisations of an authority are imported from a file with their people. source is its text until every row has its verdict.';
comment on column organisation_imports.organisation_id is 'The office of the authority.';
comment on column organisation_imports.organisations is 'How many were made, or would be.';
comment on column organisation_imports.there is 'How many rows name somebody who is in that organisation already, and is left as is.';
create index organisation_imports_running on organisation_imports (organisation_id, id) where ended_at is null;

create table organisation_import_rows (
  organisation_id uuid not null,
  import_id uuid not null,
  row integer not null check (row > 0),
  verdict text not null check (verdict <> ''),
  organisation text,
  username text,
  target_id uuid,
  user_id uuid,
  makes_organisation boolean not null,
  is_invited boolean not null,
  primary key (organisation_id, import_id, row),
  foreign key (organisation_id, import_id) references organisation_imports
);
comment on table organisation_import_rows is 'What became of one row of a file of organisations and people. No foreign keys to the organisation and the user, whom it may outlive.';
comment on column organisation_import_rows.target_id is 'The organisation that the row names; null while there is none.';
comment on column organisation_import_rows.makes_organisation is 'Whether the organisation was made for this row, or would be.';
create index organisation_import_rows_making on organisation_import_rows (organisation_id, import_id, organisation)
  where makes_organisation;

alter table account_batches
  drop constraint account_batches_action_check,
  add constraint account_batches_action_check
    check (action in ('block-account', 'unblock-account', 'resend-invitation'));
