-- The repositories that turns were worked in.
-- out: repository
SELECT DISTINCT repository FROM current_work_place ORDER BY repository
