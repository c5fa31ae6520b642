-- Write rows that are in no table into a Parquet file.
-- in:  $rows (JSON: a list of objects), $structure (JSON: the type of each key), $path, $mark what
--      the file is
COPY (SELECT unnest(from_json_strict($rows, $structure), recursive := true))
TO $path (FORMAT parquet, COMPRESSION zstd, KV_METADATA {portfolio_table: $mark})
