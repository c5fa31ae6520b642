-- Mark what stands between first and last of a run; the last remembers where the run began.
UPDATE reading SET is_folded = is_inner, held_since = first_at
FROM run_member
WHERE run_member.id = reading.id
    AND (is_folded IS DISTINCT FROM is_inner OR held_since IS DISTINCT FROM first_at)
