-- What an account has in use. What it may use, and the hashes of its tokens, are in the file of accounts.
create table accounts (
  account integer primary key,
  mailboxes integer not null default 0 check (mailboxes >= 0),
  stored_bytes integer not null default 0 check (stored_bytes >= 0),
  -- The highest number that was given to news. It only rises.
  last_news integer not null default 0
) strict;

-- A mailbox is the hash of its two public keys. An id is never given again, so that nothing old can belong to it.
create table mailboxes (
  id integer primary key autoincrement,
  mailbox blob not null unique check (length(mailbox) = 32),
  account integer not null references accounts,
  read_key blob not null check (length(read_key) = 32),
  write_key blob not null check (length(write_key) = 32),
  -- The highest that was given. It only rises.
  last_seq integer not null,
  -- What its account hears of it: what is put into it (0), or what of it is fetched (1).
  hears_fetches integer not null check (hears_fetches in (0, 1)),
  -- The number of the newest news of it, once there was some.
  news integer
) strict;

create index mailboxes_of_account on mailboxes (account, mailbox);

create unique index news_of_account on mailboxes (account, news) where news is not null;

-- What was put. Without a body it is gone, and the row says for a while whether it was fetched. Times are in
-- seconds since 1970.
create table parcels (
  id integer primary key,
  mailbox_id integer not null references mailboxes on delete cascade,
  seq integer not null,
  slot integer not null check (slot >= 0),
  body blob,
  is_fetched integer not null default 0 check (is_fetched in (0, 1)),
  expires_at integer not null,
  unique (mailbox_id, seq)
) strict;

-- In a slot the newest wins; only in slot 0 they queue.
create unique index one_in_a_slot on parcels (mailbox_id, slot) where slot > 0 and body is not null;

create index parcels_by_expiry on parcels (expires_at);

-- Signed requests that were made. They are remembered for as long as their signature is good.
create table spent_requests (
  mailbox_id integer not null references mailboxes on delete cascade,
  request_hash blob not null check (length(request_hash) = 32),
  expires_at integer not null,
  primary key (mailbox_id, request_hash)
) strict, without rowid;

create index spent_requests_by_expiry on spent_requests (expires_at);
