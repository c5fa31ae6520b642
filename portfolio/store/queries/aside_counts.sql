-- How many readings have no account yet, by provider.
-- out: provider (NULL: not named), readings
SELECT provider, count(*) FROM current_reading WHERE account IS NULL GROUP BY provider ORDER BY ALL
