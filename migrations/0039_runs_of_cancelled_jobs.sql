-- Runs of pushes whose job was cancelled while it waited, or failed, stood there as if they were under way.
update push_runs r set state = 'cancelled', ended_at = coalesce(j.ended_at, now()) from jobs j
  where j.id = r.job_id and r.state in ('waiting', 'running') and j.status in ('cancelled', 'failed');
delete from push_batches b using push_runs r where r.id = b.run_id and r.state = 'cancelled';
