-- The rows of a table in the order they were recorded, each with a digest of what makes it itself.
-- in:  $facts the table's name, $identity the columns that make a row itself
-- out: record_no, recorded_us, identity
SELECT
    record_no, epoch_us(recorded_at),
    md5(to_json(row(*COLUMNS(lambda name: list_contains($identity, name))))::VARCHAR)
FROM query_table($facts)
ORDER BY record_no
