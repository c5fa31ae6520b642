-- Every methodology with its steps, by name.
-- out: methodology, steps, models, accounts (lists of equal length, in order)
SELECT methodology, steps, models, accounts FROM current_methodology ORDER BY methodology
