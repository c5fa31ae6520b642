-- Reverts that are on a default branch. A hash means the same commit in every clone, so a revert
-- counts in all of them: a checkout that moved or lags behind cannot know it. Where the commit that
-- it names is not on a default branch itself, it was rebased: its author and author time tell which
-- one landed instead.
-- out: repository, sha, reverted
WITH noted AS (
    SELECT sha, reverted, min(record_no) AS record_no
    FROM commit_revert
    WHERE NOT contains(reverted, '#')
    GROUP BY sha, reverted
), twins AS (  -- of what is named, itself too
    SELECT noted.sha, named.sha AS named, twin.sha AS twin, noted.record_no
    FROM noted
    JOIN git_commit AS named ON named.sha = noted.reverted
    JOIN git_commit AS twin ON twin.author = named.author AND twin.author_at = named.author_at
        AND twin.title = named.title
), state AS (  -- of these alone: what became of all others need not be worked out
    SELECT sha, max_by(state, record_no) AS state, bool_or(state = 'landed') AS has_landed
    FROM commit_state
    WHERE sha IN (SELECT sha FROM noted UNION SELECT named FROM twins UNION SELECT twin FROM twins)
    GROUP BY repository, sha
), landed AS (
    SELECT DISTINCT sha FROM state WHERE state = 'landed' OR (state = 'gone' AND has_landed)
), here AS (
    SELECT DISTINCT sha FROM state WHERE state = 'landed'
), said AS (
    SELECT sha, reverted, record_no FROM noted WHERE sha IN (SELECT sha FROM landed)
), rebased AS (
    SELECT sha, twin AS reverted, min(record_no) AS record_no
    FROM twins
    WHERE sha IN (SELECT sha FROM landed) AND named NOT IN (SELECT sha FROM here)
        AND twin IN (SELECT sha FROM here) AND twin <> sha
    GROUP BY sha, twin
)
SELECT repository.repository, sha, reverted
FROM (FROM said UNION FROM rebased) AS known CROSS JOIN repository
ORDER BY known.record_no, reverted, repository.repository
