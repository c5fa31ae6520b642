-- Add the turns of new_turn that no stored line of the same request says as well or better; the
-- order is that of mark_turns.
-- in:  $recorded_us
INSERT INTO turn (
    source, message, request, session, turn_at, model, cwd, branch, folder, input_tokens,
    output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, is_sidechain,
    has_speed, origin, recorded_at
)
SELECT
    source, message, request, session, turn_at, model, cwd, branch, folder, input_tokens,
    output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, is_sidechain,
    has_speed, origin, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM new_turn
WHERE NOT EXISTS (
    SELECT 1 FROM turn
    WHERE turn.source = new_turn.source AND turn.message = new_turn.message
        AND turn.request = new_turn.request
        AND turn_rank(
            turn.is_sidechain, turn.input_tokens, turn.output_tokens, turn.cache_read_tokens,
            turn.cache_write_tokens, turn.cache_write_1h_tokens, turn.has_speed, turn.turn_at,
            turn.model, turn.session, turn.cwd, turn.branch
        ) >= turn_rank(
            new_turn.is_sidechain, new_turn.input_tokens, new_turn.output_tokens,
            new_turn.cache_read_tokens, new_turn.cache_write_tokens,
            new_turn.cache_write_1h_tokens, new_turn.has_speed, new_turn.turn_at, new_turn.model,
            new_turn.session, new_turn.cwd, new_turn.branch
        )
)
