-- Unpack a log that was compressed with Zstandard, and give its lines that hold a needle. A table of
-- one column, whose values neither quote nor end before the line does, is read from it; a line
-- that is no text or too long is left out.
-- in:  $path (a pattern of file names), $needles, $longest (bytes of a line)
-- out: line_no (from 1), line
SELECT line_no, line
FROM (
    SELECT line, row_number() OVER () AS line_no
    FROM read_csv(
        $path, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false,
        delim = '\x01', quote = '', escape = '', new_line = '\n', compression = 'zstd',
        strict_mode = false, ignore_errors = true, parallel = false, max_line_size = $longest
    )
)
WHERE len(list_filter($needles::VARCHAR[], lambda needle: contains(line, needle))) > 0
