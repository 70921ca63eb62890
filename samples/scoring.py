"""How well a published snapshot agrees with labelled articles: one figure a question, and floors under the figures.

    python -m samples.scoring published/latest.duckdb

What belongs here: pairing labels with facts, the figures, the floors.  What does not: reading either side (``labels``,
``snapshot``), and anything that extraction could look at.

What counts as right
- An article counts as found when the snapshot holds its text to the letter, because every offset points into it; the
  facts of one that is not found are all missed.
- participants: a written form in common.  Then kind, country and role (all words of the role that the article states).
- quotes: at least 60 % of the longer content in common; ``speaker``: and said by the right participant, or by an
  unnamed source whose words contain the label's or are contained in them.  Then direct, mixed or indirect.
- events: the same type, in the same sentence.  Then date (to the label's precision), status and countries.
- agreements: at least 60 % of the longer title in common.  Then instrument, the status that this article reports, and
  the parties, where the article names any.
- Pairs are one to one, the best first.  ``articles.clean`` is the share of negatives without event and agreement.

Floors only rise: run ``make eval`` after a change that helps, copy the figures that went up into ``floors.yml``,
rounded down to two decimals, and say in the commit what raised them.  A floor that has to fall needs its reason in the
same commit.  ``tolerance`` is for one fact more or less in a small table, not for slow decline.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml
from rich.console import Console
from rich.table import Table

from samples import labels as gold
from samples import snapshot
from warehouse.database import Connection, connect
from warehouse.errors import WarehouseError

FLOORS: Final = Path(__file__).with_name("floors.yml")
TABLES: Final = ("participants", "quotes", "events", "agreements")
ENOUGH: Final = 0.6
"""The share of the longer of two texts that both must have in common to be the same quote or title."""

Figures = dict[str, float]
Span = tuple[int, int]
Pairs = list[tuple[int, int]]


class FloorsError(ValueError):
    """A floors file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A figure under its floor; ``value`` is None when it was not measured at all."""

    figure: str
    value: float | None
    floor: float

    def __str__(self) -> str:
        reached = "not measured" if self.value is None else f"{self.value:.3f}"
        return f"{self.figure}: {reached}, floor {self.floor:.3f}"


@dataclass(slots=True)
class Tally:
    """The counts of one table, and of the questions asked about its pairs: (right, asked)."""

    labelled: int = 0
    found: int = 0
    paired: int = 0
    answers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    missed: list[str] = field(default_factory=list)
    spurious: list[str] = field(default_factory=list)

    def answer(self, question: str, right: bool) -> None:
        """Count one answer to a question about a pair."""
        self.answers[question][0] += right
        self.answers[question][1] += 1

    def f1(self, right: int) -> float:
        """F1 of that many right ones; a table without labels and without findings is perfect."""
        both = self.labelled + self.found
        return 2 * right / both if both else 1.0


@dataclass(slots=True)
class Report:
    """All counts of one scoring."""

    tables: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in TABLES})
    articles: int = 0
    missing: list[str] = field(default_factory=list)
    negatives: int = 0
    clean: int = 0

    @property
    def figures(self) -> Figures:
        """Every figure by name (``events.date``), from 0 to 1; a question that was never asked has none."""
        figures = {"articles.found": 1 - len(self.missing) / self.articles if self.articles else 1.0}
        if self.negatives:
            figures["articles.clean"] = self.clean / self.negatives
        for name, tally in self.tables.items():
            figures[f"{name}.f1"] = tally.f1(tally.paired)
            for question, (right, asked) in tally.answers.items():
                # A quote is of use with its speaker only, so that this one is an F1 of its own.
                value = tally.f1(right) if question == "speaker_f1" else right / asked
                figures[f"{name}.{question}"] = value
        return figures


def score(con: Connection, labels: Sequence[gold.Label]) -> Figures:
    """The figures of a snapshot, each from 0 to 1 and the higher the better."""
    return evaluate(con, labels).figures


def evaluate(con: Connection, labels: Sequence[gold.Label]) -> Report:
    """Compare a snapshot with labels: the figures, the counts behind them and the errors by name."""
    report = Report()
    everything = snapshot.read_found(con, [label.url for label in labels])
    for label in labels:
        report.articles += 1
        found = everything.get(label.url)
        if found is None or found.text != label.text:
            report.missing.append(label.id)
            found = snapshot.Found(label.text)
        elif label.topic == "other":
            report.clean += not found.events and not found.agreements
        report.negatives += label.topic == "other"
        _participants(report.tables["participants"], label, found)
        _quotes(report.tables["quotes"], label, found)
        _events(report.tables["events"], label, found)
        _agreements(report.tables["agreements"], label, found)
    return report


def check(figures: Mapping[str, float], floors: Mapping[str, float], tolerance: float = 0.0) -> list[Failure]:
    """The figures that lie more than ``tolerance`` under their floor, or have a floor and were not measured."""
    failures = []
    for name, floor in floors.items():
        value = figures.get(name)
        if value is None or value < floor - tolerance:
            failures.append(Failure(name, value, floor))
    return failures


def load_floors(path: Path = FLOORS) -> tuple[dict[str, float], float]:
    """The floors by figure, and the tolerance.  Raises FloorsError."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or set(document) != {"tolerance", "floors"}:
        raise FloorsError(f"{path.name}: expected `tolerance` and `floors`")
    values = {"tolerance": document["tolerance"], **(document["floors"] or {})}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise FloorsError(f"{path.name}: {name}: expected a number from 0 to 1; found {value!r}")
    tolerance = float(values.pop("tolerance"))
    return {str(name): float(value) for name, value in values.items()}, tolerance


def _participants(tally: Tally, label: gold.Label, found: snapshot.Found) -> None:
    actors = [found.actors[key] for key in sorted(found.active)]
    weights = {
        (i, j): common
        for i, p in enumerate(label.participants)
        for j, actor in enumerate(actors)
        if (common := len(_forms(_names(p)) & _forms(actor.names)))
    }
    pairs = _count(tally, label.id, [p.key for p in label.participants], [_longest(a.names) for a in actors], weights)
    for i, j in pairs:
        wanted, actor = label.participants[i], actors[j]
        tally.answer("kind", wanted.kind == actor.kind)
        if wanted.country:
            tally.answer("country", wanted.country == actor.country)
        if wanted.role:
            tally.answer("role", any(_words(wanted.role) <= _words(role) for role in actor.roles))


def _quotes(tally: Tally, label: gold.Label, found: snapshot.Found) -> None:
    weights = {
        (i, j): share
        for i, q in enumerate(label.quotes)
        for j, quote in enumerate(found.quotes)
        if (share := _share((q.offsets, *q.continuation), quote.spans)) >= ENOUGH
    }
    texts = [f"{q.kind}, {q.speaker}: {q.text}" for q in label.quotes]
    pairs = _count(tally, label.id, texts, [f"{q.kind}, {q.speaker_text}: {q.text}" for q in found.quotes], weights)
    right = {i for i, j in pairs if _same_speaker(label, label.quotes[i], found, found.quotes[j])}
    for i, j in pairs:
        tally.answer("kind", label.quotes[i].kind == found.quotes[j].kind)
        if i not in right:
            tally.missed.append(f"{label.id}: right words, speaker {found.quotes[j].speaker_text} in {texts[i]}")
    for i in range(len(label.quotes)):
        tally.answer("speaker_f1", i in right)


def _same_speaker(label: gold.Label, wanted: gold.Quote, found: snapshot.Found, quote: snapshot.Quote) -> bool:
    if wanted.unnamed is not None:
        source, written = _words(wanted.unnamed), _words(quote.speaker_text or "")
        return quote.speaker_id is None and bool(written) and (source <= written or written <= source)
    actor = found.actors.get(quote.speaker_id or "")
    return actor is not None and bool(_forms(_names(label.participant(wanted.speaker))) & _forms(actor.names))


def _events(tally: Tally, label: gold.Label, found: snapshot.Found) -> None:
    weights = {
        (i, j): weight
        for i, e in enumerate(label.events)
        for j, event in enumerate(found.events)
        if e.type == event.type and (weight := max(_nearness(e.offsets, *m) for m in event.mentions))
    }
    texts = [f"{e.type} {e.trigger}" for e in label.events]
    pairs = _count(tally, label.id, texts, [f"{e.type} {e.trigger}" for e in found.events], weights)
    for i, j in pairs:
        wanted, event = label.events[i], found.events[j]
        if wanted.date:
            tally.answer("date", wanted.date == event.date)
        tally.answer("status", wanted.status == event.status)
        tally.answer("countries", set(wanted.countries) == event.countries)


def _agreements(tally: Tally, label: gold.Label, found: snapshot.Found) -> None:
    best: dict[tuple[int, int], Span] = {}
    weights: dict[tuple[int, int], float] = {}
    for i, a in enumerate(label.agreements):
        for j, agreement in enumerate(found.agreements):
            share, span = max((_share((a.offsets,), (span,)), span) for span in agreement.mentions)
            if share >= ENOUGH:
                best[i, j], weights[i, j] = span, share
    pairs = _count(tally, label.id, [a.title for a in label.agreements], [a.title for a in found.agreements], weights)
    for i, j in pairs:
        wanted, agreement = label.agreements[i], found.agreements[j]
        tally.answer("instrument", wanted.instrument == agreement.instrument)
        tally.answer("status", wanted.status == agreement.mentions[best[i, j]])
        if wanted.parties:
            tally.answer("parties", set(wanted.parties) == _parties(label, found, agreement))


def _parties(label: gold.Label, found: snapshot.Found, agreement: snapshot.Agreement) -> set[str]:
    """The parties as a label writes them: a state by its code, anybody else by the label's key."""
    keys = {form: p.key for p in label.participants if p.kind != "state" for form in _forms(_names(p))}
    parties = set()
    for participant, country in agreement.parties:
        actor = found.actors.get(participant or "")
        key = next((keys[form] for form in sorted(_forms(actor.names)) if form in keys), None) if actor else None
        parties.add(key or country or participant or "")
    return parties


def _count(
    tally: Tally, article: str, labelled: list[str], found: list[str], weights: Mapping[tuple[int, int], float]
) -> Pairs:
    """Pair one to one, the best first; count, and remember what stays alone."""
    pairs: dict[int, int] = {}
    for i, j in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    tally.labelled += len(labelled)
    tally.found += len(found)
    tally.paired += len(pairs)
    tally.missed += [f"{article}: {text}" for i, text in enumerate(labelled) if i not in pairs]
    tally.spurious += [f"{article}: {text}" for j, text in enumerate(found) if j not in pairs.values()]
    return sorted(pairs.items())


def _share(one: Iterable[Span], other: Iterable[Span]) -> float:
    """The characters in common as a share of the longer of two texts given by their spans."""
    a = {position for start, end in one for position in range(start, end)}
    b = {position for start, end in other for position in range(start, end)}
    return len(a & b) / max(len(a), len(b), 1)


def _nearness(trigger: Span, found: Span, sentence: Span) -> int:
    """2: the same words; 1: the same sentence; 0: elsewhere."""
    if trigger[0] < found[1] and found[0] < trigger[1]:
        return 2
    return int(sentence[0] <= trigger[0] < sentence[1])


def _names(participant: gold.Participant) -> set[str]:
    return {participant.name, *participant.mentions}


def _forms(names: Iterable[str]) -> set[str]:
    return {" ".join(re.findall(r"\w+", name.casefold())) for name in names}


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - {"a", "an", "the"}


def _longest(names: Collection[str]) -> str:
    return max(names, key=lambda name: (len(name), name))


def _table(report: Report, floors: Mapping[str, float]) -> Table:
    table = Table("", title=f"{report.articles} labelled articles", caption="in brackets: the floor")
    for column in ("labelled", "found", "paired"):
        table.add_column(column, justify="right")
    table.add_column("figures")
    held = report.articles - len(report.missing)
    counts = {"articles": (report.articles, held, held)}
    counts |= {name: (tally.labelled, tally.found, tally.paired) for name, tally in report.tables.items()}
    for name, numbers in counts.items():
        table.add_row(name, *map(str, numbers), "  ".join(_shown(report.figures, f"{name}.", floors)))
    return table


def _shown(figures: Figures, prefix: str, floors: Mapping[str, float]) -> Iterator[str]:
    for name, value in figures.items():
        if name.startswith(prefix):
            floor = f" \\[{floors[name]:.2f}]" if name in floors else ""
            yield f"{name.removeprefix(prefix)} {value:.3f}{floor}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures.  0: all floors hold; 1: a figure lies under its floor; 2: nothing can be measured."""
    parser = argparse.ArgumentParser(prog="python -m samples.scoring", description="Score a published snapshot.")
    parser.add_argument("database", type=Path, help="a published snapshot that holds the labelled articles")
    parser.add_argument("--labels", type=Path, help="labelled articles (default: the bundled ones)")
    parser.add_argument("--floors", type=Path, help="floors (default: the bundled ones, for the bundled labels)")
    parser.add_argument("--errors", choices=TABLES, help="also list what was missed or found wrongly in a table")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    options = parser.parse_args(arguments)
    floors_path = options.floors or (None if options.labels else FLOORS)
    try:
        labels = gold.load_labels(options.labels or gold.LABELS)
        floors, tolerance = load_floors(floors_path) if floors_path else ({}, 0.0)
        with connect(options.database, read_only=True) as con:
            report = evaluate(con, labels)
    except (OSError, gold.LabelError, FloorsError, WarehouseError) as error:
        print(error, file=sys.stderr)
        return 2
    failures = check(report.figures, floors, tolerance)
    if options.json:
        print(json.dumps({name: round(value, 4) for name, value in report.figures.items()}, indent=1))
    else:
        console = Console()
        console.print(_table(report, floors))
        for identity in report.missing:
            console.print(f"not in the snapshot, or with another text: {identity}", markup=False)
        if options.errors:
            tally = report.tables[options.errors]
            for kind, lines in (("missed", tally.missed), ("spurious", tally.spurious)):
                for line in lines:
                    console.print(f"{kind}  {line}", markup=False, soft_wrap=True)
    for failure in failures:
        print(f"under its floor: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
