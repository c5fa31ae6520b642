-- The branches that turns were worked on, and when last.
-- out: repository (its main checkout), branch, last_us
SELECT placed.repository, placed.branch, epoch_us(max(turn_at))
FROM placed_turn AS placed JOIN turn USING (record_no)
WHERE placed.repository IS NOT NULL AND placed.branch IS NOT NULL
GROUP BY placed.repository, placed.branch
ORDER BY placed.repository, placed.branch
