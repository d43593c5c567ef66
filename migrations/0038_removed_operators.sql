-- A removed operator keeps number and name, for the history and whatever carries them. The account is switched off for good; its e-mail is free.
alter table operators
  add column removed_at timestamptz,
  add constraint operators_removed check (removed_at is null or disabled_at is not null);
drop index operators_email;
create unique index operators_email on operators (lower(email)) where removed_at is null;
