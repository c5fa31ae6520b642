-- The readings of accounts that stand and were taken from a moment on, oldest first.
-- in:  $since_us
-- out: id, account, pool, unit, used, cap, read_us, held_us, resets_us, source
SELECT
    id, account, pool, unit, used, cap, epoch_us(read_at), epoch_us(held_since),
    epoch_us(resets_at), source
FROM current_reading
WHERE account IS NOT NULL AND read_at >= make_timestamp($since_us)::TIMESTAMPTZ
ORDER BY read_at, account, pool, source, id
