-- The commits of default branches that say, or are seen, to bring a request or a branch in. What
-- had landed and is gone, with no other in its place, counts as it was seen.
-- out: repository, sha, title (of a merge without one, that of its first commit), request, merged_branch, change_type, is_merge, author, committed_us;
--      and of the commits that it brought in: authors, branches, change_types, worked_us (the newest
--      author time)
WITH standing AS (
    SELECT
        git_commit.*, state.state, coalesce(via, sha) AS via,
        via IS NOT NULL AND state <> 'landed' AND NOT has_landed AS is_squashed_in,
        state = 'landed' OR (state = 'gone' AND has_landed) AS is_landed
    FROM git_commit JOIN current_commit_state AS state USING (repository, sha)
), known AS (
    FROM standing
    WHERE state <> 'gone' OR NOT EXISTS (
        FROM standing AS newer
        WHERE newer.repository = standing.repository AND newer.state <> 'gone'
            AND newer.author = standing.author AND newer.author_at = standing.author_at
    )
), brought AS (
    SELECT
        known.repository, via,
        coalesce(list(DISTINCT author) FILTER (NOT is_merge), []) AS authors,
        coalesce(list(DISTINCT branch) FILTER (branch IS NOT NULL), []) AS branches,
        coalesce(list(DISTINCT coalesce(change_type, '')) FILTER (NOT is_merge), [])
            AS change_types,
        arg_min(title, author_at) FILTER (NOT is_merge) AS title,
        max(author_at) FILTER (NOT is_merge) AS worked_at,
        bool_or(is_squashed_in AND NOT EXISTS (
            FROM standing AS twin
            WHERE twin.repository = known.repository AND twin.state = 'landed'
                AND twin.author = known.author AND twin.author_at = known.author_at
                AND twin.title = known.title
        )) AS is_squashed
    FROM standing AS known
    LEFT JOIN current_work_place AS place ON place.cwd = known.repository
    LEFT JOIN current_commit_branch AS made
        ON made.repository = coalesce(place.repository, known.repository) AND made.sha = known.sha
    WHERE via <> known.sha
    GROUP BY known.repository, via
)
SELECT
    landing.repository, landing.sha,
    CASE WHEN starts_with(landing.title, 'Merge ') THEN coalesce(brought.title, landing.title)
    ELSE landing.title END, landing.request,
    landing.merged_branch, landing.change_type, landing.is_merge, landing.author,
    epoch_us(landing.committed_at), coalesce(brought.authors, []), coalesce(brought.branches, []),
    coalesce(brought.change_types, []), epoch_us(coalesce(brought.worked_at, landing.author_at))
FROM known AS landing
LEFT JOIN brought ON brought.repository = landing.repository AND brought.via = landing.sha
WHERE landing.is_landed AND landing.via = landing.sha AND landing.title IS NOT NULL
    AND (landing.request IS NOT NULL OR landing.is_merge OR landing.is_squash OR brought.is_squashed)
ORDER BY landing.committed_at, landing.repository, landing.sha
