-- The migrations that were applied, of which a new file has none.
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)
