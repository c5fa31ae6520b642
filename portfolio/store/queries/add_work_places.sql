-- Say where folders lie.
-- in:  lists of equal length; $recorded_us
INSERT INTO work_place (cwd, worktree, repository, is_seen, recorded_at)
SELECT
    unnest($cwd::VARCHAR[]), unnest($worktree::VARCHAR[]), unnest($repository::VARCHAR[]),
    unnest($is_seen::BOOLEAN[]), make_timestamp($recorded_us)::TIMESTAMPTZ
