-- How many rows of a table cannot be: two of one number, or a moment before 1970 or after 2199.
-- in:  $facts the table's name
WITH edges AS (
    SELECT
        record_no,
        [*COLUMNS(lambda name: suffix(name, '_at'))] AS moments
    FROM query_table($facts)
)
SELECT
    count(*) - count(DISTINCT record_no)
    + count(*) FILTER (
        list_min(moments) < TIMESTAMPTZ '1970-01-01 00:00:00+00'
        OR list_max(moments) >= TIMESTAMPTZ '2200-01-01 00:00:00+00'
    )
FROM edges
