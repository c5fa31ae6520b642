-- Leave out what stands between first and last of a run.
DELETE FROM reading
WHERE id IN (SELECT id FROM run_member WHERE place > 1 AND place < members)
    AND id NOT IN (SELECT reading FROM window_capture)
