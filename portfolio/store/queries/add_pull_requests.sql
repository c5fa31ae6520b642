-- Add what was told of pull requests; what a source told last already is not added again.
-- in:  $recorded_us; $rows, each: forge path, number, source, session, title, branch, author,
--      is_bot, merged_us, merge_sha, labels, closes, seen_us, with NUL between them ("" for NULL; of
--      lists with a line end between their entries)
-- out: numbers of those that were added
INSERT INTO pull_request (
    forge_path, number, source, session, title, branch, author, is_bot, merged_at, merge_sha,
    labels, closes, seen_at, recorded_at
)
SELECT told.*, make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (
    SELECT
        field[1] AS forge_path, field[2]::INTEGER AS number, field[3] AS source,
        field[4] AS session, nullif(field[5], '') AS title, nullif(field[6], '') AS branch,
        nullif(field[7], '') AS author, nullif(field[8], '')::BOOLEAN AS is_bot,
        make_timestamp(nullif(field[9], '')::BIGINT)::TIMESTAMPTZ AS merged_at,
        nullif(field[10], '') AS merge_sha,
        CASE WHEN field[11] = '' THEN [] ELSE string_split(field[11], chr(10)) END AS labels,
        CASE WHEN field[12] = '' THEN [] ELSE string_split(field[12], chr(10)) END::INTEGER[]
            AS closes,
        make_timestamp(field[13]::BIGINT)::TIMESTAMPTZ AS seen_at
    FROM (SELECT DISTINCT string_split(unnest($rows::VARCHAR[]), chr(0)) AS field)
) AS told
WHERE NOT EXISTS (
    FROM (
        SELECT *, max(record_no) OVER (PARTITION BY forge_path, number, source, session) AS newest
        FROM pull_request
    ) AS known
    WHERE known.record_no = newest AND known.forge_path = told.forge_path
        AND known.number = told.number AND known.source = told.source
        AND known.session = told.session AND known.branch IS NOT DISTINCT FROM told.branch
        AND known.title IS NOT DISTINCT FROM told.title
        AND known.merged_at IS NOT DISTINCT FROM told.merged_at
        AND known.merge_sha IS NOT DISTINCT FROM told.merge_sha
        AND known.labels = told.labels AND known.closes = told.closes
)
RETURNING number
