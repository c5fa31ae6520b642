-- Readings whose account is not known yet, oldest first.
-- out: id, provider, pool, unit, used, cap, read_us, resets_us, source, login, folder
SELECT
    id, provider, pool, unit, used, cap, epoch_us(read_at), epoch_us(resets_at), source, login,
    folder
FROM current_reading
WHERE account IS NULL
ORDER BY read_at, id
