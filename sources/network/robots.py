"""robots.txt, by RFC 9309.

What belongs here: what the file, or its absence, allows us.  What does not: fetching it (http).

    2xx                           the rules of its first 512 KiB
    4xx but 429, many redirects   there are no rules
    429, 5xx, anything else       not readable, which means: do not fetch
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from protego import Protego

from sources.network.messages import PRODUCT

MAX_BYTES: Final = 512 * 1024
MAX_REDIRECTS: Final = 5

_AGENT: Final = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#]*)", re.IGNORECASE)
_OURS: Final = re.compile(rf"\*?{PRODUCT}(?![\w-]).*", re.IGNORECASE)  # the name counts, not a version behind it
_RULE: Final = re.compile(r"\s*(?:dis)?allow\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says to us: rules, no rules, or (`unreachable` says why) nothing that could be read."""

    rules: Protego | None = None
    unreachable: str | None = None

    def allows(self, url: str) -> bool:
        """Whether the rules let us fetch the address.  Meaningless when the file was unreachable."""
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the site asks for; 0 when it asks for none."""
        return (self.rules.crawl_delay(PRODUCT) or 0.0) if self.rules is not None else 0.0


NO_RULES: Final = Robots()


def read(content: bytes) -> Robots:
    """The rules in a file's bytes, of which only the first 512 KiB count.  Never fails."""
    if len(content) > MAX_BYTES:
        content = content[:MAX_BYTES].rpartition(b"\n")[0]
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    return Robots(Protego.parse("\n".join(_grouped(map(_relevant, text.splitlines())))))


def by_status(status: int) -> Robots | None:
    """What an answer with this status means, or None when its body tells."""
    if 200 <= status <= 299:
        return None
    if 400 <= status <= 499 and status != 429:
        return NO_RULES
    return Robots(unreachable=f"status {status}")


def _grouped(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with the names of a group once more where another record stands among them.

    Only rules end the names of a group (RFC 9309, 2.2.1); a parser that takes a crawl delay for one would lose rules.
    """
    names: dict[str, None] = {}
    ruled = parted = False
    for line in lines:
        if _AGENT.match(line):
            if ruled:
                names, ruled, parted = {}, False, False
            if parted:
                yield from names
                parted = False
            names[line] = None
        elif _RULE.match(line):
            ruled = True
        else:
            parted = parted or bool(names and line.partition("#")[0].strip())
        yield line


def _relevant(line: str) -> str:
    """The line, with every other crawler's name made one and the same.

    The groups stay as they are, but a file that names ten thousand crawlers above ten thousand rules costs no more than
    its length.
    """
    match = _AGENT.match(line)
    if match is None:
        return line
    name = match[1].strip()
    if name == "*":
        return "User-agent: *"
    return f"User-agent: {PRODUCT}" if _OURS.fullmatch(name) else "User-agent: another"
