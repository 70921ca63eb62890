"""The meta tags of a page.

What belongs here: their names, made alike.  What does not: what they mean (metadata, authors, datelines).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import html

_ATTRIBUTES: Final = ("property", "name", "itemprop", "http-equiv")


def meta_tags(tree: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """(the attribute that names it, its name folded, its content) of each tag that says something, in their order."""
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for attribute in _ATTRIBUTES:
            if name := element.get(attribute):
                yield attribute, re.sub(r"^(dc|dcterms):", r"\1.", name.strip().casefold()), content
