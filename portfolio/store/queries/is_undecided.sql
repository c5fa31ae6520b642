-- Whether nothing is decided of a span yet, and there is work from which it could be.
-- in:  $kind, $subject, $begins_us of the span
-- out: undecided
SELECT
    NOT EXISTS (
        FROM decision
        WHERE
            kind = $kind AND subject = $subject
            AND begins_at = make_timestamp($begins_us)::TIMESTAMPTZ
    )
    AND (
        EXISTS (FROM window_log WHERE start_at < make_timestamp($begins_us)::TIMESTAMPTZ)
        OR EXISTS (FROM git_commit)
        OR EXISTS (FROM item_word)
    )
