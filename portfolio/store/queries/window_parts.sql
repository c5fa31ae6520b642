-- The methodologies of the windows that have several, by name.
-- out: name, methodology, features
SELECT part.name, part.methodology, part.features
FROM window_part AS part
JOIN current_window ON current_window.name = part.name AND current_window.record_no = part.version
ORDER BY part.name, part.methodology
