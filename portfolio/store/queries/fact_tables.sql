-- Every table of the store that is in use, with its columns in order and those of its key.
-- out: table, columns, key ([]: none)
SELECT
    columns.table_name,
    list(columns.column_name ORDER BY columns.column_index),
    coalesce(any_value(keys.constraint_column_names), [])
FROM duckdb_columns() AS columns
JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name)
LEFT JOIN (
    FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'
) AS keys USING (database_name, schema_name, table_name)
WHERE columns.database_name = current_database() AND NOT columns.internal AND NOT tables.temporary
GROUP BY columns.table_name
ORDER BY columns.table_name
