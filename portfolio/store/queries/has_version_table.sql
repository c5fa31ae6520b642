-- Is there a store in this file yet?
-- out: one boolean
SELECT count(*) > 0 FROM information_schema.tables WHERE table_name = 'schema_version'
