-- Say how far some logs were read.
-- in:  lists of equal length
INSERT INTO log_file
SELECT
    unnest($path::VARCHAR[]), unnest($folder::VARCHAR[]), unnest($source::VARCHAR[]),
    unnest($reader::INTEGER[]), unnest($size::BIGINT[]), unnest($modified_ns::BIGINT[]),
    unnest($end_offset::BIGINT[]), unnest($seam::VARCHAR[]), unnest($carry::VARCHAR[]),
    unnest($lines_read::BIGINT[]), unnest($lines_skipped::BIGINT[])
