-- Of readings already stored inside a run of equal ones: those that a new capture says again.
-- in:  lists of equal length
-- out: the ids that a run holds already, so that they need not be added
WITH offered AS (
    SELECT
        unnest($id::VARCHAR[]) AS id, unnest($account::VARCHAR[]) AS account,
        unnest($pool::VARCHAR[]) AS pool, unnest($unit::VARCHAR[]) AS unit,
        unnest($used::DOUBLE[]) AS used, unnest($source::VARCHAR[]) AS source,
        make_timestamp(unnest($read_us::BIGINT[]))::TIMESTAMPTZ AS read_at
)
SELECT DISTINCT offered.id
FROM offered
JOIN current_reading AS run
    ON run.account IS NOT DISTINCT FROM offered.account
    AND run.pool = offered.pool AND run.unit = offered.unit
    AND run.source = offered.source AND run.used = offered.used
    AND offered.read_at > run.held_since AND offered.read_at < run.read_at
