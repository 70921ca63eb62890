"""The world to articles: catalogue, network, archive, readers, article parsing.

What belongs here: getting bytes, keeping them, and turning them into typed articles.
What does not: anything that understands the text, and any table.
"""
