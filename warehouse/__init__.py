"""Tables: every column once, the working database, the published snapshots.

What belongs here: DDL, loading, snapshots, views; DuckDB is imported in this room alone.
What does not: deciding whether a row is good (``expectations``) or which rows are one thing (``resolution``).
"""
