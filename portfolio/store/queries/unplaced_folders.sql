-- The folders that turns name, and those of repositories, that are not known to lie in a checkout.
-- out: cwd
SELECT DISTINCT cwd
FROM (SELECT cwd FROM turn UNION ALL SELECT repository FROM repository) AS named(cwd)
WHERE cwd IS NOT NULL AND cwd NOT IN (SELECT cwd FROM work_place)
ORDER BY cwd
