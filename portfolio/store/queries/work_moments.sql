-- The seconds in which clients' logs name a request, oldest first.
-- in:  $since_us, $until_us  both included
-- out: microseconds, of whole seconds
SELECT DISTINCT epoch_us(turn_at) // 1000000 * 1000000 AS second_us
FROM current_turn
WHERE turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
    AND turn_at <= make_timestamp($until_us)::TIMESTAMPTZ
ORDER BY second_us
