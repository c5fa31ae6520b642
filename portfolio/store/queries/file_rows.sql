-- How many rows a Parquet file has.
-- in:  $path
SELECT num_rows FROM parquet_file_metadata($path)
