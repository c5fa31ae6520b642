-- Add what sessions were asked for first; the same twice is once.
-- in:  lists of equal length: $source, $session, $prompted_us, $words, $checkboxes, $files;
--      $recorded_us
INSERT INTO session_prompt (
    source, session, prompted_at, words, checkboxes, files, recorded_at
)
SELECT
    source, session, make_timestamp(prompted_us)::TIMESTAMPTZ, words, checkboxes, files,
    make_timestamp($recorded_us)::TIMESTAMPTZ
FROM (
    SELECT DISTINCT
        unnest($source::VARCHAR[]) AS source, unnest($session::VARCHAR[]) AS session,
        unnest($prompted_us::BIGINT[]) AS prompted_us, unnest($words::INTEGER[]) AS words,
        unnest($checkboxes::INTEGER[]) AS checkboxes, unnest($files::INTEGER[]) AS files
)
ON CONFLICT DO NOTHING
