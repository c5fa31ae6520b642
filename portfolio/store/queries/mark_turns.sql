-- Mark the lines that another line of the same answer makes needless, where the newest have a part:
-- of one request the greatest rank counts; a helper's line is a replay where the session itself has
-- the answer; and a line that names no request is one of those that do.
-- in:  $before  number of the last record that is not one of the newest
UPDATE turn SET is_superseded = needless
FROM (
    SELECT
        record_no,
        row_number() OVER (
            PARTITION BY source, message, request
            ORDER BY
                turn_rank(
                    is_sidechain, input_tokens, output_tokens, cache_read_tokens,
                    cache_write_tokens, cache_write_1h_tokens, has_speed, turn_at, model, session,
                    cwd, branch
                ) DESC,
                folder, origin, record_no -- equally good lines come from an import alone
        ) > 1
        OR (is_sidechain AND bool_or(NOT is_sidechain) OVER answer)
        OR (request = '' AND bool_or(request <> '') OVER answer) AS needless
    FROM turn
    WHERE message IN (
        SELECT message FROM turn
        WHERE message IN (SELECT message FROM turn WHERE record_no > $before)
        GROUP BY message
        HAVING count(*) > 1 OR bool_or(is_superseded)
    )
    WINDOW answer AS (PARTITION BY source, message)
) AS line
WHERE line.record_no = turn.record_no AND turn.is_superseded <> needless
