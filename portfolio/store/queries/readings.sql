-- The readings that stand, oldest first.
-- in:  $account  of this account; NULL: of all, those kept aside included
-- out: id, account, pool, unit, used, cap, read_us, held_us, resets_us, source
SELECT
    id, account, pool, unit, used, cap, epoch_us(read_at), epoch_us(held_since),
    epoch_us(resets_at), source
FROM current_reading
WHERE $account IS NULL OR account = $account
ORDER BY read_at, account, pool, source, id
