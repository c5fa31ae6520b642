-- Put turns that were written as lines of JSON into the temporary table new_turn.
-- in:  $path    the file; each line an array: the fields of a turn and the number of its log
--      $longest  bytes of the longest line, or more
--      $folder, $origin  lists: of each log, by number from 1
-- out: new_turn, one request perhaps more than once
CREATE OR REPLACE TEMP TABLE new_turn AS
SELECT
    field[1] AS source, field[2] AS message, field[3] AS request, field[4] AS session,
    make_timestamp(field[5]::BIGINT)::TIMESTAMPTZ AS turn_at,
    field[6] AS model, field[7] AS cwd, field[8] AS branch,
    field[9]::BIGINT AS input_tokens, field[10]::BIGINT AS output_tokens,
    field[11]::BIGINT AS cache_read_tokens, field[12]::BIGINT AS cache_write_tokens,
    field[13]::BIGINT AS cache_write_1h_tokens,
    field[14]::BOOLEAN AS is_sidechain, field[15]::BOOLEAN AS has_speed,
    ($folder::VARCHAR[])[field[16]::BIGINT] AS folder,
    ($origin::VARCHAR[])[field[16]::BIGINT] AS origin
FROM read_json(
    $path, format = 'newline_delimited', records = 'false', columns = {field: 'VARCHAR[]'},
    maximum_object_size = $longest
)
