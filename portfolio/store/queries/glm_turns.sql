-- Requests of GLM models from a moment on, oldest first; whose plan each was on is not told here.
-- in:  $since_us
-- out: turn_us, model, folder, session, input_tokens, cache_read_tokens, cache_write_tokens,
--      output_tokens
SELECT
    epoch_us(turn_at), model, folder, session, input_tokens, cache_read_tokens,
    cache_write_tokens, output_tokens
FROM current_turn
WHERE model ILIKE '%glm%' AND turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
ORDER BY turn_at, source, message, request
