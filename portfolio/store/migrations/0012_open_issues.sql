-- Whether an issue is open: then it is to be done.
ALTER TABLE issue ADD COLUMN is_open BOOLEAN;  -- NULL: it was not told
