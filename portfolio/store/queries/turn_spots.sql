-- Where turns were worked; of all times, as to pick a span's would cost more than it saves.
-- out: repository, branch, worktree, record_no: of each turn there
SELECT repository, branch, worktree, list(record_no) AS record_no
FROM placed_turn
GROUP BY repository, branch, worktree
