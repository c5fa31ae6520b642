-- Find runs of equal values from one source on one cycle: all of a run show the same reset (to two
-- minutes, as meters jitter), or none shows any and no two are so far apart that a cycle could pass
-- unseen and come back to the same value: half an hour, or a day where the cycle is a week or month.
-- in:  $account  the accounts to look at
-- out: temporary table run_member: id, is_inner (between first and last), first_at (of its run, for
--      the last of three or more)
CREATE OR REPLACE TEMP TABLE run_member AS
WITH neighbour AS (
    SELECT
        id, account, pool, unit, source, used, cap, read_at, resets_at,
        lag(used) OVER line AS used_before,
        lag(cap) OVER line AS cap_before,
        lag(read_at) OVER line AS read_before,
        lag(resets_at) OVER line AS resets_before
    FROM reading
    WHERE account IN (SELECT unnest($account::VARCHAR[]))
        AND id NOT IN (SELECT reading FROM dropped_reading)
    WINDOW line AS (PARTITION BY account, pool, unit, source ORDER BY read_at, id)
), run AS (
    SELECT
        *,
        sum(CASE
            WHEN used = used_before AND cap IS NOT DISTINCT FROM cap_before
                AND (
                    abs(epoch(resets_at) - epoch(resets_before)) <= 120
                    OR (
                        resets_at IS NULL AND resets_before IS NULL
                        AND epoch(read_at) - epoch(read_before)
                            <= CASE WHEN pool LIKE '5h%' THEN 1800 ELSE 86400 END
                    )
                )
            THEN 0 ELSE 1
        END) OVER (PARTITION BY account, pool, unit, source ORDER BY read_at, id) AS run_no
    FROM neighbour
), placed AS (
    SELECT
        id,
        min(read_at) OVER whole AS begins_at,
        count(*) OVER whole AS members,
        row_number() OVER (whole ORDER BY read_at, id) AS place
    FROM run
    WINDOW whole AS (PARTITION BY account, pool, unit, source, run_no)
)
SELECT
    id,
    place > 1 AND place < members AND id NOT IN (SELECT reading FROM window_capture) AS is_inner,
    CASE WHEN members > 2 AND place = members THEN begins_at END AS first_at
FROM placed
