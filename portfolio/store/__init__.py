"""The facts, kept: the only package that speaks SQL."""
