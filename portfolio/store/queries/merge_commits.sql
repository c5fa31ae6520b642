-- The merge commits of a repository, with what they say they merge.
-- in:  $repository
-- out: sha, merged_branch, request
SELECT sha, merged_branch, request FROM git_commit WHERE repository = $repository AND is_merge
