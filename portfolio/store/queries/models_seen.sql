-- Every model that a request names.
-- out: model
SELECT DISTINCT model FROM current_turn ORDER BY model
