-- Add what was said of items; the same thing twice is once.
-- in:  lists of equal length, and $recorded_us
-- out: the ids that were new
INSERT INTO item_word (id, item, word, reason, said_at, origin, recorded_at)
SELECT
    unnest($id::VARCHAR[]), unnest($item::VARCHAR[]), unnest($word::VARCHAR[]),
    unnest($reason::VARCHAR[]), make_timestamp(unnest($said_us::BIGINT[]))::TIMESTAMPTZ,
    unnest($origin::VARCHAR[]), make_timestamp($recorded_us)::TIMESTAMPTZ
ON CONFLICT DO NOTHING
RETURNING id
