-- The folders that turns name and that are known to lie in no checkout yet.
-- out: cwd
SELECT DISTINCT cwd
FROM turn
WHERE cwd IS NOT NULL AND cwd NOT IN (SELECT cwd FROM work_place)
ORDER BY cwd
