-- Take out how some checkouts looked, to say it anew.
-- in:  $worktree  list
DELETE FROM worktree WHERE worktree IN (SELECT unnest($worktree::VARCHAR[]))
