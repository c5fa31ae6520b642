"""Pictures of the answers: each module gives one chart, its words and the table beside it."""
