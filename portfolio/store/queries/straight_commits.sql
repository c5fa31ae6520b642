-- The commits that were made on branches and that no merge brought in, with what stands for each on
-- the default branch: itself, or its twin. A twin has the same author, author time and title: the
-- commit was rebased.
-- out: repository, branch, sha, is_gone, title, change_type, author, author_us, landed (sha; NULL:
--      none), committed_us (of it)
WITH telling AS (
    SELECT repository, author, author_at FROM git_commit SEMI JOIN commit_branch USING (sha)
), near AS (  -- these and their twins: what became of all others need not be worked out
    FROM git_commit
    SEMI JOIN telling USING (repository, author, author_at)
), known AS (
    SELECT
        repository, sha, max_by(state, record_no) AS state, max_by(row(via), record_no)[1] AS via,
        bool_or(state = 'landed') AS has_landed
    FROM commit_state SEMI JOIN near USING (repository, sha)
    GROUP BY repository, sha
), standing AS (
    SELECT
        near.*, state,
        (state = 'landed' OR (state = 'gone' AND has_landed))
            AND via IS NULL AND request IS NULL AND NOT is_merge
            AS is_straight
    FROM near JOIN known USING (repository, sha)
    WHERE state <> 'landed' OR via IS NULL
)
SELECT
    made.repository, branch.branch, made.sha, made.state = 'gone', made.title, made.change_type,
    made.author, epoch_us(made.author_at), min(twin.sha), epoch_us(min(twin.committed_at))
FROM standing AS made
LEFT JOIN current_work_place AS place ON place.cwd = made.repository
JOIN current_commit_branch AS branch
    ON branch.repository = coalesce(place.repository, made.repository) AND branch.sha = made.sha
LEFT JOIN standing AS twin
    ON twin.repository = made.repository AND twin.author = made.author
    AND twin.author_at = made.author_at AND twin.title = made.title AND twin.is_straight
    AND (made.sha = twin.sha OR made.state <> 'landed')
WHERE made.title IS NOT NULL AND (made.is_straight OR made.state <> 'landed')
GROUP BY ALL
ORDER BY epoch_us(made.author_at), made.repository, made.sha
