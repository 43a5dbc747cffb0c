-- Roots that a workstation holds need not come with everything for ever: an object carries 64 at most.

alter table updates add root_version integer check (root_version > 0);
comment on column updates.root_version is 'The newest root that its Key-File brings: whoever holds the one holds the other.';
comment on column activations.root_version is 'The newest root that the workstation is known to hold; what it is sent brings those after it.';
