-- Name every answer that is stored in the temporary table new_turn, for mark_turns.
CREATE OR REPLACE TEMP TABLE new_turn AS SELECT message FROM turn
