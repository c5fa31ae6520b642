-- Say which record becomes which number.
-- in:  lists of equal length: $is_here (else it is offered), $is_new (to be added), $was, $now
CREATE OR REPLACE TEMP TABLE renumbering AS
SELECT
    unnest($is_here::BOOLEAN[]) AS is_here, unnest($is_new::BOOLEAN[]) AS is_new,
    unnest($was::BIGINT[]) AS was, unnest($now::BIGINT[]) AS now
