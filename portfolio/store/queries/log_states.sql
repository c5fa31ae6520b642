-- How far each log was read.
-- out: path, folder, source, reader, size, modified_ns, end_offset, seam, carry, lines_read,
--      lines_skipped
SELECT
    path, folder, source, reader, size, modified_ns, end_offset, seam, carry, lines_read,
    lines_skipped
FROM log_file
