-- What went wrong while nobody looked. One is open for each subject; it is shown to who holds the permission, until it is dismissed or mended.
create table alerts (
  id int generated always as identity primary key,
  subject text not null,
  permission text not null,
  message text not null,
  href text,
  times int not null default 1,
  raised_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_by int references operators (id) on delete set null,
  mailed_at timestamptz
);
create unique index on alerts (subject) where ended_at is null;
