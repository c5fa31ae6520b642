-- The moment of the oldest sign of work: a reading, a request, a tagged commit or a window.
-- out: UTC microseconds, NULL where there is none
SELECT epoch_us(min(moment)) FROM (
    SELECT min(read_at) AS moment FROM current_reading
    UNION ALL
    SELECT min(turn_at) FROM current_turn
    UNION ALL
    SELECT min(author_at) FROM git_commit
    WHERE (repository, sha) IN (SELECT (repository, sha) FROM commit_tag)
    UNION ALL
    SELECT min(start_at) FROM current_window
)
