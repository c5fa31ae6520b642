-- Take out those of the newest turns that another line of the same request says as well or better;
-- the order is that of mark_turns. A log that was copied to another client's folder gives its turns
-- to the same one of both, whichever was read first.
-- in:  $before  number of the last record that is not one of them
DELETE FROM turn WHERE record_no IN (
    SELECT record_no FROM (
        SELECT
            record_no,
            row_number() OVER (
                PARTITION BY source, message, request
                ORDER BY
                    turn_rank(
                        is_sidechain, input_tokens, output_tokens, cache_read_tokens,
                        cache_write_tokens, cache_write_1h_tokens, has_speed, turn_at, model,
                        session, cwd, branch
                    ) DESC,
                    folder, record_no
            ) AS place
        FROM turn
        WHERE message IN (
            SELECT message FROM turn
            WHERE message IN (SELECT message FROM turn WHERE record_no > $before)
            GROUP BY message
            HAVING count(*) > 1
        )
    )
    WHERE place > 1 AND record_no > $before
)
