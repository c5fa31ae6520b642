-- Say which branch commits were made on, but for what is said already.
-- in:  $repository, $recorded_us; lists of equal length: $sha, $branch
INSERT INTO commit_branch (repository, sha, branch, recorded_at)
SELECT $repository, sha, branch, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (SELECT unnest($sha::VARCHAR[]) AS sha, unnest($branch::VARCHAR[]) AS branch) AS offered
WHERE NOT EXISTS (
    FROM current_commit_branch AS known
    WHERE known.repository = $repository AND known.sha = offered.sha
        AND known.branch = offered.branch
)
