"""Promises about tables: each rule with its severity and its reason, and the one place that runs Great Expectations.

What belongs here: rules, their evaluation, and the split of a batch into good and quarantined rows.
What does not: Dagster's wrapping of a rule as an asset check (``assets``).
"""
