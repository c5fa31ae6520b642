-- Unpack a log of JSON lines that was compressed with Zstandard; give the lines that hold a needle.
-- in:  $path (a pattern of file names), $needles, $longest (bytes of a line)
-- out: line_no (from 1, blank lines not counted), line as it is written; NULL: it is no JSON
SELECT line_no, line
FROM (
    SELECT json::VARCHAR AS line, row_number() OVER () AS line_no
    FROM read_json_objects(
        $path, format = 'newline_delimited', compression = 'zstd', ignore_errors = true,
        maximum_object_size = $longest
    )
)
WHERE line IS NULL
    OR len(list_filter($needles::VARCHAR[], lambda needle: contains(line, needle))) > 0
