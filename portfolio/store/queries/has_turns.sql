-- Whether any turn was taken in.
-- out: one row
SELECT EXISTS (FROM turn)
