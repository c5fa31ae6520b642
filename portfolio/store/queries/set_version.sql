-- Note that a migration was applied.
-- in:  $version
INSERT INTO schema_version VALUES ($version)
