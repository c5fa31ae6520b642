-- The newest run of a routine up to a moment.
-- in:  $routine, $now_us
-- out: ran_us, figures
SELECT epoch_us(ran_at), figures
FROM routine_run
WHERE routine = $routine AND ran_at <= make_timestamp($now_us)::TIMESTAMPTZ
ORDER BY ran_at DESC, record_no DESC
LIMIT 1
