-- Caps that texts stated, oldest first.
-- out: account, pool, unit, cap, read_us
SELECT account, pool, unit, cap, epoch_us(read_at) FROM cap_seen
WHERE account IS NOT NULL
ORDER BY read_at, record_no
