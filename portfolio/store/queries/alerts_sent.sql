-- Which address took which alert.
-- out: alert, address
SELECT alert, address FROM alert_sent
