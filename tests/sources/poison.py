"""Parsers that meet their match: what a page asks for is what happens to the process that parses it.

In a module of its own, because worker processes import it.
"""

from __future__ import annotations

import os
import time

from sources.archive import Capture
from sources.formats.charsets import Decoded
from sources.formats.drafts import Draft, Refusal, draft_file, draft_lines


def obey(content: bytes) -> None:
    if b"poison:abort" in content:
        os.abort()
    if b"poison:sleep" in content:
        time.sleep(60)
    if b"poison:eat" in content:
        bytearray(8 << 30)
    if b"poison:raise" in content:
        raise RuntimeError("no \x1b[31mway\nat all")


def read_file(capture: Capture, content: bytes) -> Draft | Refusal:
    obey(content)
    return draft_file(capture, content)


def read_lines(capture: Capture, decoded: Decoded, first: int) -> list[Draft | Refusal]:
    obey(decoded.text.encode())
    return list(draft_lines(capture, decoded, first))
