"""Which plans to hold: what was worked, replayed under other plans, and each plan left out."""
