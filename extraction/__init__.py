"""Text to facts with character offsets.

What belongs here: everything that reads an article's language (spaCy lives in this room alone), one layer a module:
actors, coreference, quotes, events, agreements, dates, places.  Word lists are data in ``lexicon/``.

What does not: files, networks, databases, and anything that looks at more than one article (that is ``resolution``).
"""
