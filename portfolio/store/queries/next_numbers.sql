-- Take numbers for records to be written, one after another.
-- in:  $count
-- out: the last of them
SELECT max(nextval('record_no')) FROM range($count)
