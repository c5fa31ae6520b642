-- What is noted in a Parquet file about itself.
-- in:  $path
-- out: key, value (bytes)
SELECT key, value FROM parquet_kv_metadata($path)
