-- Write a table into a Parquet file, in an order that is the same each time.
-- in:  $facts the table's name, $first columns to stand first, $order columns to order by, $path,
--      $mark what export it is
COPY (
    SELECT
        COLUMNS(lambda name: list_contains($first, name)),
        COLUMNS(lambda name: NOT list_contains($first, name))
    FROM query_table($facts)
    ORDER BY COLUMNS(lambda name: list_contains($order, name))
) TO $path (FORMAT parquet, COMPRESSION zstd, KV_METADATA {portfolio: $mark, fact_table: $facts})
