-- How far one log was read.
-- in:  $path
-- out: as log_states
SELECT
    path, folder, source, reader, size, modified_ns, end_offset, seam, carry, lines_read,
    lines_skipped
FROM log_file
WHERE path = $path
