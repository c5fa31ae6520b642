-- The windows that tags of newer commits name.
-- in:  $since_us
-- out: named_window, first_us
SELECT named_window, epoch_us(min(author_at))
FROM commit_tag JOIN git_commit USING (repository, sha)
WHERE author_at >= make_timestamp($since_us)::TIMESTAMPTZ
GROUP BY named_window
ORDER BY named_window
