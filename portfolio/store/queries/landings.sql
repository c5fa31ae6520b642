-- The commits of default branches that say, or are seen, to bring a request or a branch in. What
-- had landed and is gone, with no other in its place, counts as it was seen.
-- out: repository, sha, title (of a merge without one, that of its first commit), request, merged_branch, change_type, is_merge, author, committed_us;
--      and of the commits that it brought in: authors, branches, change_types, worked_us (the newest
--      author time)
WITH involved AS (
    SELECT repository, sha FROM git_commit WHERE request IS NOT NULL OR is_merge OR is_squash
    UNION
    SELECT repository, unnest([sha, via]) FROM commit_state WHERE via IS NOT NULL
), telling AS (
    SELECT repository, author, author_at FROM git_commit SEMI JOIN involved USING (repository, sha)
), near AS (  -- these and their twins: what became of all others need not be worked out
    FROM git_commit
    SEMI JOIN telling USING (repository, author, author_at)
), seen AS (
    SELECT
        repository, sha, max_by(state, record_no) AS state, max_by(row(via), record_no)[1] AS via,
        bool_or(state = 'landed') AS has_landed
    FROM commit_state SEMI JOIN near USING (repository, sha)
    GROUP BY repository, sha
), standing AS (
    SELECT
        near.*, state, coalesce(via, sha) AS via,
        via IS NOT NULL AND state <> 'landed' AND NOT has_landed AS is_squashed_in,
        state = 'landed' OR (state = 'gone' AND has_landed) AS is_landed
    FROM near JOIN seen USING (repository, sha)
), known AS (
    FROM standing
    ANTI JOIN (
        FROM standing
        SEMI JOIN (FROM standing WHERE state <> 'gone') AS newer
            USING (repository, author, author_at)
        WHERE state = 'gone'
    ) AS replaced USING (repository, sha)
), landed AS (
    SELECT DISTINCT repository, author, author_at, title FROM standing WHERE state = 'landed'
), brought AS (
    SELECT
        known.repository, via,
        list_distinct(list(known.author) FILTER (NOT is_merge)) AS authors,
        list_distinct(list(branch) FILTER (branch IS NOT NULL)) AS branches,
        list_distinct(list(coalesce(change_type, '')) FILTER (NOT is_merge)) AS change_types,
        arg_min(known.title, known.author_at) FILTER (NOT is_merge) AS title,
        max(known.author_at) FILTER (NOT is_merge) AS worked_at,
        bool_or(is_squashed_in AND twin.author IS NULL) AS is_squashed
    FROM standing AS known
    LEFT JOIN current_work_place AS place ON place.cwd = known.repository
    LEFT JOIN current_commit_branch AS made
        ON made.repository = coalesce(place.repository, known.repository) AND made.sha = known.sha
    LEFT JOIN landed AS twin
        ON twin.repository = known.repository AND twin.author = known.author
        AND twin.author_at = known.author_at AND twin.title = known.title
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
