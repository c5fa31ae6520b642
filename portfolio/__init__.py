"""Measure what AI-coding subscriptions are worth in shipped features."""
