-- Mails in an administrator's own words, digests for managers, a mail server that can be removed, and imports of whole
-- organisations.

-- Which kinds there are is the contract's to say: each release adds some.
alter table mails drop constraint mails_kind_check;
alter table mails add constraint mails_kind_check check (kind ~ '^[a-z-]+$');
comment on column mails.details is 'What the text names beside the user and the organisation; empty once the mail does not wait any more.';
update mails set details = '{}' where next_at is null;
create index mails_ended on mails (coalesce(sent_at, failed_at)) where next_at is null;

alter table mail_servers alter host drop not null;
alter table mail_servers alter port drop not null;
alter table mail_servers alter security drop not null;
alter table mail_servers alter sender drop not null;
alter table mail_servers add constraint mail_servers_removed_or_whole check (
  num_nulls(host, port, security, sender) = 0
  or num_nonnulls(host, port, security, sender, certificates, user_name, material, kek_version) = 0);
comment on table mail_servers is 'The SMTP server that takes all mails of the installation: a row of the installation''s office. Without one mails wait; one that was removed leaves its revision behind, so that nobody edits what is gone.';

create table mail_templates (
  organisation_id uuid not null references organisations,
  kind text not null check (kind ~ '^[a-z-]+$'),
  language text not null check (language in ('en', 'de')),
  subject text check (subject <> ''),
  body text check (body <> ''),
  button text check (button <> ''),
  revision integer not null check (revision > 1),
  primary key (organisation_id, kind, language),
  constraint mail_templates_are_whole check ((subject is null) = (body is null) and (subject is not null or button is null))
);
comment on table mail_templates is 'What mails of a kind say in one language instead of what every installation starts with: rows of the installation''s office. One without words was given back its first ones.';
comment on column mail_templates.button is 'What the button says; null for a kind of mail that has none.';

alter table account_rules add digest text not null default 'weekly' check (digest in ('off', 'daily', 'weekly'));
comment on column account_rules.digest is 'How often the managers are told by mail what waits for them.';

create table account_digests (
  organisation_id uuid primary key references organisations,
  posted_at timestamptz not null
);
comment on table account_digests is 'When the managers of an organisation were last told, or when there last was nothing to tell.';
