-- Sessions that began before are over: a request that was under way when they were deleted may have kept one again.
alter table operators add column signed_out_at timestamptz;
