"""The world to articles: catalogue, network, archive, readers, article parsing.

What belongs here: getting bytes, keeping them, and turning them into typed articles.
What does not: anything that understands the text, and any table.

The way of the bytes, and who may be asked from outside:

    catalog.load_catalog     sources.yml → Source
    readers.fetch_day        Source → archive (http opens the sockets, feeds tells what to follow)
    archive.Archive          bytes by hash, a manifest a day
    articles.parse_day       archive → Article and LogEntry
    formats/                 what is in the bytes: drafts, feeds, pages, metadata, markup; text, times, language
    duplicates               which articles repeat which
    log                      the typed reasons, and what counts as delivered
"""
