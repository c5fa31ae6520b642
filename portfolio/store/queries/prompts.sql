-- What each session was asked for first. A session that was resumed in a file of its own begins
-- with a copy of what was asked before: it counts for the one of them that was answered first.
-- out: session, words, checkboxes, files
WITH answered AS (
    SELECT source, session, min(turn_at) AS first_at
    FROM current_turn
    WHERE session IN (SELECT session FROM session_prompt)
    GROUP BY source, session
), first_prompt AS (
    SELECT * FROM session_prompt
    QUALIFY row_number() OVER (
        PARTITION BY source, session ORDER BY prompted_at, record_no DESC
    ) = 1
)
SELECT session, words, checkboxes, files
FROM first_prompt JOIN answered USING (source, session)
QUALIFY row_number() OVER (
    PARTITION BY source, prompted_at, words, checkboxes, files ORDER BY first_at, session
) = 1
