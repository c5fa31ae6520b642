-- Of the turns of new_turn that are one request, keep the greatest; the order is that of mark_turns.
DELETE FROM new_turn WHERE rowid IN (
    SELECT rowid FROM (
        SELECT
            rowid,
            row_number() OVER (
                PARTITION BY source, message, request
                ORDER BY
                    turn_rank(
                        is_sidechain, input_tokens, output_tokens, cache_read_tokens,
                        cache_write_tokens, cache_write_1h_tokens, has_speed, turn_at, model,
                        session, cwd, branch
                    ) DESC,
                    rowid
            ) AS place
        FROM new_turn
        WHERE message IN (SELECT message FROM new_turn GROUP BY message HAVING count(*) > 1)
    )
    WHERE place > 1
)
