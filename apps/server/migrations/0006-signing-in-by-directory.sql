-- Signing in with the password of a directory, where an organisation wants that.

alter table directories add signs_in boolean not null default false;
comment on column directories.signs_in is 'Whether those who are linked to it, and hold no role, sign in with their passwords there.';
create index directory_runs_held on directory_runs (organisation_id, directory_id, id) where state = 'held';
