-- Tables with values that can be none: of meters, caps, tokens and spans.
-- out: table, rows
SELECT 'reading' AS facts, count(*) AS unsound FROM reading
WHERE NOT (
    isfinite(used) AND used >= 0 AND unit IN ('pp', 'prompts', 'credits', 'usd')
    AND (cap IS NULL OR (isfinite(cap) AND cap > 0))
    AND (held_since IS NULL OR held_since <= read_at)
)
UNION ALL
SELECT 'cap_seen', count(*) FROM cap_seen
WHERE NOT (isfinite(cap) AND cap > 0 AND unit IN ('pp', 'prompts', 'credits', 'usd'))
UNION ALL
SELECT 'turn', count(*) FROM turn
WHERE least(
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens
) < 0
UNION ALL
SELECT 'window_log', count(*) FROM window_log WHERE start_at >= end_at
UNION ALL
SELECT 'methodology', count(*) FROM methodology
WHERE len(steps) <> len(models) OR len(steps) <> len(accounts)
UNION ALL
SELECT 'session_prompt', count(*) FROM session_prompt WHERE least(words, checkboxes, files) < 0
UNION ALL
SELECT 'issue', count(*) FROM issue WHERE least(words, checkboxes, files) < 0
