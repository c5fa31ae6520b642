"""A made-up corpus of clients' logs whose true token totals are known.

`python -m benchmarks.corpus FOLDER` writes one, as big as what is measured. The formats are those
of Claude Code's transcripts and Codex's rollouts; every number is made up.
"""
