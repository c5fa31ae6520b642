-- The number of the last turn that was stored.
-- out: one row; 0 where there is none
SELECT coalesce(max(record_no), 0) FROM turn
