-- Add the parts of windows that an import offers, but for those that are here.
-- out: how many
INSERT INTO window_part (name, methodology, features, version, recorded_at)
SELECT part.name, part.methodology, part.features, number.now, part.recorded_at
FROM offered.window_part AS part
JOIN renumbering AS number ON number.was = part.version AND NOT number.is_here
WHERE NOT EXISTS (
    FROM window_part AS known
    WHERE known.name = part.name AND known.methodology = part.methodology
        AND known.version = number.now
)
