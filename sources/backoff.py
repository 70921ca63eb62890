"""Back-off: a source that has failed for days is asked less often, and never given up.

What belongs here: how long a failing source rests.  What does not: what failing is (archiving.past) and acting on it
(readers, which note a resting source with Reason.SOURCE_RESTING).

    history(archive, source_id, day) -> the tries since the source last came
    resting(history, day) -> the day on which it is asked again, or None: ask it on `day`

Three failing days change nothing; then the source is asked every second day, then every fourth, then every seventh.
The first time it comes, all is forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sources.archive import LOOK_BACK, Archive

PATIENCE: Final = 3  # failing days after which a source begins to rest
_PAUSES: Final = (2, 4, 7)  # days from one try to the next, the last of them for ever


@dataclass(frozen=True, slots=True)
class Try:
    """A day on which a source's own address was asked for: whether bytes came, and when it was last tried."""

    day: dt.date
    came: bool
    at: dt.datetime


def history(archive: Archive, source_id: str, day: dt.date) -> tuple[Try, ...]:
    """The tries before `day`, oldest first: those since the source last came, and that one.

    Days on which it was not asked are not in it, nor those on which nothing at all could be reached.
    """
    out: list[Try] = []
    for earlier in reversed(archive.days()):
        if earlier >= day:
            continue
        if (day - earlier).days > LOOK_BACK:
            break
        asked = archive.asked(earlier).get(source_id)
        if asked is not None:
            out.append(Try(earlier, asked.came, asked.at))
            if asked.came:
                break
    return tuple(reversed(out))


def failing(tries: Sequence[Try]) -> int:
    """On how many days in a row, up to the last try, the source only failed."""
    count = 0
    for attempt in reversed(tries):
        if attempt.came:
            break
        count += 1
    return count


def resting(tries: Sequence[Try], day: dt.date) -> dt.date | None:
    """The day after `day` on which a source with these tries (oldest first) is asked again; None: ask it on `day`."""
    count = failing(tries)
    if count < PATIENCE:
        return None
    again = tries[-1].day + dt.timedelta(days=_PAUSES[min(count - PATIENCE, len(_PAUSES) - 1)])
    return again if again > day else None
