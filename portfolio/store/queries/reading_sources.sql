-- What each source of readings has given, but for what was taken back; those inside a run count too.
-- out: source, readings, oldest_us, newest_us, accounts (those that are known)
SELECT
    source, count(*), epoch_us(min(read_at)), epoch_us(max(read_at)),
    coalesce(list(DISTINCT account ORDER BY account) FILTER (account IS NOT NULL), [])
FROM reading
WHERE id NOT IN (SELECT reading FROM dropped_reading)
GROUP BY source
ORDER BY source
