"""The world to articles: catalogue, network, archive, readers, article parsing.

What belongs here: getting bytes, keeping them, and turning them into typed articles.
What does not: anything that understands the text, and any table.

The way of the bytes, and who may be asked from outside:

    catalog.load_catalog     sources.yml → Source (entries adds one, starter.yml has some to take from)
    discovery.discover       a site → what it offers (candidates, patterns)
    readers.fetch_day        Source → archive (files; backoff says who rests)
    http.Fetcher             the only file that opens sockets; network/ knows how a guest behaves
    archive.Archive          WARC files and an index a day; archiving/ knows how they lie on disk
    articles.parse_day       archive → Article and LogEntry (parsing: the tasks; box, boxed: the processes they run in)
    formats/                 what is in the bytes, one module a format
    duplicates               which articles repeat which
    log                      the typed reasons, and what counts as delivered
"""
