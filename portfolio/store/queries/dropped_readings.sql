-- Readings that were taken back, oldest first, with the last reason.
-- in:  $account  of this account; NULL: of all
-- out: id, account, pool, unit, used, cap, read_us, source, reason
SELECT
    reading.id, account, pool, unit, used, cap, epoch_us(read_at), source,
    (
        SELECT max_by(reading_drop.reason, reading_drop.record_no)
        FROM reading_drop WHERE reading_drop.reading = reading.id
    )
FROM reading
WHERE id IN (SELECT reading FROM dropped_reading) AND ($account IS NULL OR account = $account)
ORDER BY read_at, account, pool, source, id
