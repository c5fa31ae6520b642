-- The rows of a table that an import offers and that are not here, each with a new number.
-- in:  $here, $offered the table's name in both stores, $identity the columns that make a row itself
WITH known AS (
    SELECT md5(to_json(row(*COLUMNS(lambda name: list_contains($identity, name))))::VARCHAR) AS itself
    FROM query_table($here)
), asked AS (
    SELECT
        *, md5(to_json(row(*COLUMNS(lambda name: list_contains($identity, name))))::VARCHAR) AS itself
    FROM query_table($offered)
)
SELECT * EXCLUDE (itself) REPLACE (nextval('record_no') AS record_no)
FROM (FROM asked WHERE itself NOT IN (FROM known) ORDER BY record_no)
