-- Reading a large directory for the first time: less is kept of each entry while it is read.

alter table directory_reads drop constraint directory_reads_organisation_id_run_id_fkey;
drop index directory_reads_by_username;
alter table directory_reads add is_repeated boolean not null default false;
comment on column directory_reads.is_repeated is 'Another entry of the run with the same username comes before it; known once all are read.';
