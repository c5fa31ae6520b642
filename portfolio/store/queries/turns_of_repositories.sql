-- When turns were worked in some repositories, oldest first.
-- in:  $repositories, a list of main checkouts
-- out: at_us
SELECT epoch_us(turn_at)
FROM placed_turn AS placed JOIN turn USING (record_no)
WHERE list_contains($repositories::VARCHAR[], placed.repository)
ORDER BY turn_at, record_no
