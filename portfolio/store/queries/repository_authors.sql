-- As whom one commits on this machine.
-- out: repository, name, email
SELECT repository, name, email FROM repository_author ORDER BY record_no
