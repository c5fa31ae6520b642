-- Say how some checkouts look.
-- in:  lists of equal length; $seen_us
INSERT INTO worktree
SELECT
    unnest($worktree::VARCHAR[]), unnest($repository::VARCHAR[]), unnest($git_folder::VARCHAR[]),
    unnest($head::VARCHAR[]), unnest($log_size::BIGINT[]), unnest($log_modified_ns::BIGINT[]),
    make_timestamp($seen_us)::TIMESTAMPTZ
