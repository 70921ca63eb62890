"""Facts of many articles to one row per real participant, event and agreement, with ids that never change.

What belongs here: the keys by which records are joined and the ids they get.
What does not: reading text (``extraction``) and storing rows (``warehouse``).
"""
