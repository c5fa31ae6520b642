-- Find runs of equal values from one source, on one cycle: all of a run show the same reset (to two
-- minutes, as meters jitter) or none shows any.
-- out: temporary table run_member: id, first_at of its run, members of it, place in it from 1
CREATE OR REPLACE TEMP TABLE run_member AS
WITH neighbour AS (
    SELECT
        id, account, provider, pool, unit, source, used, cap, read_at, held_since, resets_at,
        lag(used) OVER line AS used_before,
        lag(cap) OVER line AS cap_before,
        lag(resets_at) OVER line AS resets_before
    FROM current_reading
    WHERE account IS NOT NULL
    WINDOW line AS (PARTITION BY account, pool, unit, source ORDER BY read_at, id)
), run AS (
    SELECT
        *,
        sum(CASE
            WHEN used = used_before AND cap IS NOT DISTINCT FROM cap_before
                AND (
                    (resets_at IS NULL AND resets_before IS NULL)
                    OR abs(epoch(resets_at) - epoch(resets_before)) <= 120
                )
            THEN 0 ELSE 1
        END) OVER (PARTITION BY account, pool, unit, source ORDER BY read_at, id) AS run_no
    FROM neighbour
)
SELECT
    id,
    min(coalesce(held_since, read_at)) OVER whole AS first_at,
    count(*) OVER whole AS members,
    row_number() OVER (whole ORDER BY read_at, id) AS place
FROM run
WINDOW whole AS (PARTITION BY account, pool, unit, source, run_no)
