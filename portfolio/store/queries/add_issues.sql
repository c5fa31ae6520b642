-- Add what was told of issues; what was told last already is not added again.
-- in:  $recorded_us; $rows, each: forge path, number, words, checkboxes, files, labels, seen_us, open or
--      closed (else it is not known), with NUL between them (of labels with a line end)
-- out: numbers of those that were added
INSERT INTO issue (
    forge_path, number, words, checkboxes, files, labels, seen_at, is_open, recorded_at
)
SELECT told.*, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (
    SELECT
        field[1] AS forge_path, field[2]::INTEGER AS number, field[3]::INTEGER AS words,
        field[4]::INTEGER AS checkboxes, field[5]::INTEGER AS files,
        CASE WHEN field[6] = '' THEN [] ELSE string_split(field[6], chr(10)) END AS labels,
        make_timestamp(field[7]::BIGINT)::TIMESTAMPTZ AS seen_at,
        CASE field[8] WHEN 'open' THEN true WHEN 'closed' THEN false END AS is_open
    FROM (SELECT DISTINCT string_split(unnest($rows::VARCHAR[]), chr(0)) AS field)
) AS told
WHERE NOT EXISTS (
    FROM (
        SELECT *, max(record_no) OVER (PARTITION BY forge_path, number) AS newest
        FROM issue
    ) AS known
    WHERE known.record_no = newest AND known.forge_path = told.forge_path
        AND known.number = told.number AND known.words = told.words
        AND known.checkboxes = told.checkboxes AND known.files = told.files
        AND known.labels = told.labels AND known.is_open IS NOT DISTINCT FROM told.is_open
)
RETURNING number
