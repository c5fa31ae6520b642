-- The new number of a record that is here.
CREATE OR REPLACE TEMP MACRO renumbered(old) AS coalesce(
    (SELECT now FROM renumbering WHERE is_here AND was = old), old
)
