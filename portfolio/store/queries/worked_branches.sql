-- The branches that turns were worked on.
-- out: repository (its main checkout), branch
SELECT DISTINCT repository, branch FROM placed_turn WHERE branch IS NOT NULL
