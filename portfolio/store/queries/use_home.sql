-- Speak of the store again that was opened.
RESET schema
