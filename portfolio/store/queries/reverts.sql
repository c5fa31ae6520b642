-- Reverts that are on a default branch. A hash means the same commit in every clone, so a revert
-- counts in all of them: a checkout that moved or lags behind cannot know it. Where the commit that
-- it names is not on a default branch itself, it was rebased: its author and author time tell which
-- one landed instead.
-- out: repository, sha, reverted
WITH landed AS (
    SELECT DISTINCT sha FROM current_commit_state WHERE state = 'landed' OR (state = 'gone' AND has_landed)
), here AS (
    SELECT DISTINCT sha FROM current_commit_state WHERE state = 'landed'
), said AS (
    SELECT sha, reverted, min(record_no) AS record_no
    FROM commit_revert
    WHERE sha IN (SELECT sha FROM landed) AND NOT contains(reverted, '#')
    GROUP BY sha, reverted
), rebased AS (
    SELECT said.sha, twin.sha AS reverted, min(said.record_no) AS record_no
    FROM said
    JOIN git_commit AS named ON named.sha = said.reverted
    JOIN git_commit AS twin ON twin.author = named.author AND twin.author_at = named.author_at
        AND twin.title = named.title
    WHERE named.sha NOT IN (SELECT sha FROM here) AND twin.sha IN (SELECT sha FROM here)
        AND twin.sha <> said.sha
    GROUP BY said.sha, twin.sha
)
SELECT repository.repository, sha, reverted
FROM (FROM said UNION FROM rebased) AS known CROSS JOIN repository
ORDER BY known.record_no, reverted, repository.repository
