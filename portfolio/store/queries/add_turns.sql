-- Add turns that were written as lines of JSON; one request perhaps more than once.
-- in:  $path    the file; each line an array: the fields of a turn and the number of its log
--      $longest  bytes of the longest line, or more
--      $folder, $origin  lists: of each log, by number from 1
--      $recorded_us
INSERT INTO turn (
    source, message, request, session, turn_at, model, cwd, branch, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, is_sidechain, has_speed, folder,
    origin, recorded_at
)
SELECT
    field[1], field[2], field[3], field[4], make_timestamp(field[5]::BIGINT)::TIMESTAMPTZ,
    field[6], field[7], field[8], field[9]::BIGINT, field[10]::BIGINT, field[11]::BIGINT,
    field[12]::BIGINT, field[13]::BIGINT, field[14]::BOOLEAN, field[15]::BOOLEAN,
    ($folder::VARCHAR[])[field[16]::BIGINT], ($origin::VARCHAR[])[field[16]::BIGINT],
    make_timestamp($recorded_us)::TIMESTAMPTZ
FROM read_json(
    $path, format = 'newline_delimited', records = 'false', columns = {field: 'VARCHAR[]'},
    maximum_object_size = $longest
)
