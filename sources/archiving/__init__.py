"""How the archive keeps what it knows: records, WARC files, the index of a day.

What belongs here: the parts behind archive.Archive.  What does not: anything that asks the archive (readers, articles).

    records     Capture, Failure and what they are made of; as JSON and back
    warc        a record as WARC records on disk, and back
    days        the index of a day: read, checked against the WARC files, mended from them
"""
