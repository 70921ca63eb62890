"""Bytes → what is in them: feeds, sitemaps, pages, texts, dates, languages.

What belongs here: reading a format, one module each, as pure functions of bytes and text.
What does not: sockets, the archive, ids and the log: the modules above this folder.
"""
