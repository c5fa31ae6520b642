-- The migrations that were applied.
CREATE TABLE schema_version (version INTEGER NOT NULL)
