-- Whoever was erased and is read again is found without a walk through everybody who was ever seen.
create index directory_entries_erased on directory_entries (organisation_id, directory_id, object_id)
  where erased_at is not null;
