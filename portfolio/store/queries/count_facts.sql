-- How many rows a table has.
-- in:  $facts  the table's name
SELECT count(*) FROM query_table($facts)
