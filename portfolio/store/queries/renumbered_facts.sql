-- The rows of a table that an import adds, with their new numbers.
-- in:  $offered the table's name in the store that is offered
SELECT facts.* REPLACE (renumbering.now AS record_no)
FROM query_table($offered) AS facts
JOIN renumbering ON renumbering.was = facts.record_no AND renumbering.is_new
