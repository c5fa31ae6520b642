-- Take readings back; they stay in the file with the reason.
-- in:  $reading ids, $reason texts; lists of equal length
INSERT INTO reading_drop (reading, is_dropped, reason, recorded_at)
SELECT
    unnest($reading::VARCHAR[]), true, unnest($reason::VARCHAR[]),
    make_timestamp($recorded_us)::TIMESTAMPTZ
