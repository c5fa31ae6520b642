-- The newest migration applied; NULL in a new store.
SELECT max(version) FROM schema_version
