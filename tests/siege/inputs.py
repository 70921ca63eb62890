"""Hostile inputs: bytes and answers that no honest site sends.

What belongs here: building them, small where they are written and large where they are read.  What does not: what must
come of them (test_hostile).
"""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable

from tests.sources.site import Handler, Page, answer

STORY = (
    "The harbour masters of Turku and Tallinn agreed on common rules for ice pilots on Monday. They will be in force "
    "from the first of May, and a commission of both towns will look after them."
)
BODY = f"<article><h1>Ice</h1><p>{STORY}</p></article>"
HOLDS = 5.0  # seconds after which an answer that hangs lets its thread go
MEGA = 1_000_000


def page(body: str = BODY, head: str = "<title>Ice</title>") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode("utf-8", "surrogatepass")


def story(text: str = "", head: str = "<title>Ice</title>") -> bytes:
    """An article with something odd in it."""
    return page(f"<article><h1>Ice</h1><p>{STORY}</p><p>{text}</p></article>", head)


def rss(*items: str, head: str = "", doctype: str = "") -> bytes:
    channel = f"<channel><title>P</title>{head}{''.join(items)}</channel>"
    return f"<?xml version='1.0'?>{doctype}<rss version='2.0'>{channel}</rss>".encode()


def item(link: str, title: str = "Ice", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def whole(text: str = STORY, title: str = "Ice", link: str = "") -> str:
    """An item that is an article by itself."""
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{text}</content:encoded></item>"
    )


# transport ----------------------------------------------------------------------------------------------------------


def raw(*parts: bytes, reset: bool = False) -> Page:
    """Bytes as they are, instead of an answer."""

    def give(handler: Handler) -> None:
        for part in parts:
            handler.wfile.write(part)
        handler.wfile.flush()
        if reset:
            import socket
            import struct

            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()

    return give


def forever(first: bytes, again: bytes, pause: float = 0.0) -> Page:
    """A beginning, and then the same again and again."""

    def give(handler: Handler) -> None:
        until = time.monotonic() + HOLDS
        handler.wfile.write(first)
        while time.monotonic() < until:
            handler.wfile.write(again)
            handler.wfile.flush()
            time.sleep(pause)

    return give


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/html", *lines, "", "")).encode("latin-1")


def packed(encoding: str, content: bytes) -> Page:
    return answer(content, Content_Encoding=encoding, Content_Type="text/html; charset=utf-8")


def bomb(megabytes: int, layers: int = 1) -> bytes:
    """Zeros without end in a few bytes: one compressed megabyte, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    content = b"\x1f\x8b\x08" + bytes(6) + b"\xff" + first + again * (megabytes - 1)
    for _ in range(layers - 1):
        content = gzip.compress(content)
    return content


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def wait(seconds: float = HOLDS) -> Callable[[Handler], None]:
    return lambda handler: time.sleep(seconds)


# documents ----------------------------------------------------------------------------------------------------------


def laughs(depth: int = 10) -> str:
    """Entities that mean ten of the one before."""
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth)]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


def quadratic() -> str:
    return f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'


def external(url: str) -> str:
    return f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{url}">]>'


def parameter(url: str) -> str:
    return f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{url}"> %x;]>'


def sitemap(*urls: str, doctype: str = "", more: str = "") -> bytes:
    places = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f"<?xml version='1.0'?>{doctype}<urlset>{places}{more}</urlset>".encode()


def json_ld(value: object) -> str:
    return f'<title>Ice</title><script type="application/ld+json">{json.dumps(value)}</script>'


def ld_article(**more: object) -> str:
    return json_ld({"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ice", **more})
