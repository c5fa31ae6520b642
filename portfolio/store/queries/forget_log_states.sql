-- Take out how far some logs were read, to say it anew.
-- in:  $path  list
DELETE FROM log_file WHERE path IN (SELECT unnest($path::VARCHAR[]))
