"""Dagster's side of the house: assets, asset checks, resources, partitions; short wrappers round the floors below.

What belongs here: what Dagster must know (keys, partitions, metadata, blocking).
What does not: logic that could be tested without Dagster.
"""
