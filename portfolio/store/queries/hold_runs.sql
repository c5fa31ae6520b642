-- The last of each run remembers where the run began.
UPDATE reading SET held_since = run_member.first_at
FROM run_member
WHERE run_member.id = reading.id AND members > 2 AND place = members
