-- Say which branch commits were seen on, where nothing tells yet which they were made on.
-- in:  $repository, $recorded_us; lists of equal length: $sha, $branch
INSERT INTO commit_branch (repository, sha, branch, recorded_at)
SELECT $repository, sha, branch, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (SELECT unnest($sha::VARCHAR[]) AS sha, unnest($branch::VARCHAR[]) AS branch) AS offered
WHERE NOT EXISTS (
    FROM commit_branch AS known
    WHERE known.repository = $repository AND known.sha = offered.sha
)
