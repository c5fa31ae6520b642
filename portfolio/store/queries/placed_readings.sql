-- Readings of this machine's logs whose account the client's folder alone tells, oldest first: no
-- login names it, and they were not taken back. Those inside a run of equal ones, too; not those of
-- an import, as a folder of the same name on another machine tells nothing.
-- in:  $provider  a list: the providers to look at
-- out: id, account, provider, pool, unit, used, cap, read_us, resets_us, source, folder
SELECT
    id, account, provider, pool, unit, used, cap, epoch_us(read_at), epoch_us(resets_at), source,
    folder
FROM reading
WHERE account IS NOT NULL AND folder IS NOT NULL AND login IS NULL
    AND origin IN (SELECT path FROM log_file)
    AND provider IN (SELECT unnest($provider::VARCHAR[]))
    AND id NOT IN (SELECT reading FROM dropped_reading)
ORDER BY read_at, id
