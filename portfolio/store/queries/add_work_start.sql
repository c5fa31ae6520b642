-- Note that work on an item was started in a checkout; the same twice is once.
INSERT INTO work_start (
    id, worktree, branch, item, step, methodology, started_at, recorded_at
)
VALUES (
    $id, $worktree, $branch, $item, $step, $methodology,
    make_timestamp($started_us)::TIMESTAMPTZ, make_timestamp($recorded_us)::TIMESTAMPTZ
)
ON CONFLICT DO NOTHING
