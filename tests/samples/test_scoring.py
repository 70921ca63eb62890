"""The scorer, on a database that is built by hand: each mistake lowers its own figure and no other."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samples.labels import Label
from samples.scoring import Failure, FloorsError, check, evaluate, load_floors, main, score
from warehouse.database import Connection, connect, create

TEXT = (
    "Peru and Chile signed a Protocol on Rail Freight on Monday. “It is late,” said Ana Quiroga, Peru’s transport "
    "minister, “but it is here.” Officials said that work starts in May."
)
SPORT = "Lima beat Arica 2-1."
A_DAY = "2026-03-02"


def at(part: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


def span(part: str) -> dict[str, int]:
    return dict(zip(("start", "end"), at(part), strict=True))


LABELS = [
    Label.model_validate(
        {
            "id": "rail", "url": "u:rail", "outlet": "O", "title": "T", "published": A_DAY, "topic": "diplomatic",
            "text": TEXT,
            "participants": [
                {"key": "peru", "name": "Peru", "kind": "state", "role": None, "country": "PER", "mentions": ["Peru"]},
                {"key": "chile", "name": "Chile", "kind": "state", "role": None, "country": "CHL",
                 "mentions": ["Chile"]},
                {"key": "ana", "name": "Ana Quiroga", "kind": "person", "role": "transport minister", "country": "PER",
                 "mentions": ["Ana Quiroga"]},
            ],
            "events": [
                {"key": "e1", "type": "SUPPORT", "mode": None, "status": "held", "trigger": "signed", **span("signed"),
                 "date": A_DAY, "place": None, "country": None, "participants": ["peru", "chile"],
                 "countries": ["CHL", "PER"]},
            ],
            "quotes": [
                {"text": "It is late", **span("It is late"), "kind": "direct", "speaker": "ana", "cue": "said",
                 "continuation": [at("but it is here.")]},
                {"text": "work starts in May", **span("work starts in May"), "kind": "indirect",
                 "speaker": "unnamed:Officials", "cue": "said"},
            ],
            "agreements": [
                {"title": "Protocol on Rail Freight", **span("Protocol on Rail Freight"), "instrument": "protocol",
                 "status": "signed", "parties": ["CHL", "PER"], "signatories": [], "date": A_DAY},
            ],
        }
    ),
    Label.model_validate(
        {"id": "sport", "url": "u:sport", "outlet": "O", "title": "T", "published": A_DAY, "topic": "other",
         "text": SPORT, "participants": [], "events": [], "quotes": [], "agreements": []}
    ),
]  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


def _article(key: str, text: str) -> dict[str, Any]:
    return {
        "article_id": key, "url": f"u:{key}", "canonical_url": f"u:{key}", "source_id": "s", "text": text,
        "fetched_at": dt.datetime(2026, 3, 2), "word_count": len(text.split()), "content_hash": key, "version": 1,
    }  # fmt: skip


def _mention(actor: str, text: str, role: str | None = None) -> dict[str, Any]:
    start, end = at(text)
    return {
        "article_id": "rail",
        "participant_id": actor,
        "text": text,
        "char_start": start,
        "char_end": end,
        "role": role,
    }


def _perfect() -> Rows:
    signed, sentence, protocol = at("signed"), (0, TEXT.index(" “It")), at("Protocol on Rail Freight")
    late, here, work = at("It is late"), at("but it is here."), at("work starts in May")
    return {
        "articles": [_article("rail", TEXT), _article("sport", SPORT)],
        "participants": [
            {"participant_id": "p1", "name": "Peru", "kind": "state", "country": "PER", "aliases": ["Peru"]},
            {"participant_id": "p2", "name": "Chile", "kind": "state", "country": "CHL", "aliases": ["Chile"]},
            {"participant_id": "p3", "name": "Ana María Quiroga", "kind": "person", "role": "minister of works",
             "country": "PER", "aliases": ["Ana Quiroga"]},
            {"participant_id": "p4", "name": "Bolivia", "kind": "state", "country": "BOL", "aliases": ["Bolivia"]},
        ],
        "participant_mentions": [
            _mention("p1", "Peru"), _mention("p2", "Chile"), _mention("p3", "Ana Quiroga", "Transport Minister"),
        ],
        "events": [
            {"event_id": "e", "event_type": "SUPPORT", "quad_class": 1, "intensity": 5.0, "status": "held",
             "event_date": dt.date(2026, 3, 2), "date_precision": "day", "date_basis": "resolved",
             "countries": ["CHL", "PER"], "summary": "s", "article_count": 1, "outlet_count": 1},
        ],
        # Bolivia takes part according to another article, which must not count against this one.
        "event_participants": [{"event_id": "e", "participant_id": p, "side": "both"} for p in ("p1", "p2", "p4")],
        "event_mentions": [
            {"event_id": "e", "article_id": "rail", "trigger": "signed", "char_start": signed[0], "char_end": signed[1],
             "sentence_start": sentence[0], "sentence_end": sentence[1]},
        ],
        "quotes": [
            {"quote_id": "q1", "article_id": "rail", "text": "It is late", "kind": "direct", "char_start": late[0],
             "char_end": late[1], "continuation_start": here[0], "continuation_end": here[1], "speaker_id": "p3",
             "speaker_text": "Ana Quiroga"},
            {"quote_id": "q2", "article_id": "rail", "text": "work starts in May", "kind": "indirect",
             "char_start": work[0], "char_end": work[1], "speaker_text": "Officials"},
        ],
        "agreements": [
            {"agreement_id": "a", "title": "Protocol on Rail Freight", "instrument": "protocol", "status": "ratified",
             "date_precision": "unknown", "date_basis": "unknown", "countries": ["CHL", "PER"], "article_count": 1},
        ],
        "agreement_parties": [
            {"agreement_id": "a", "participant_id": "p1", "country": "PER", "role": "party"},
            {"agreement_id": "a", "country": "CHL", "role": "party"},
            {"agreement_id": "a", "participant_id": "p3", "role": "signatory"},
        ],
        # The register's latest status is another article's; this one reports the signing.
        "agreement_mentions": [
            {"agreement_id": "a", "article_id": "rail", "title": "Protocol on Rail Freight", "char_start": protocol[0],
             "char_end": protocol[1], "status": "signed"},
        ],
    }  # fmt: skip


def _fill(con: Connection, rows: Rows) -> None:
    for table, records in rows.items():
        for record in records:
            marks = ", ".join("?" for _ in record)
            names = ", ".join(f'"{name}"' for name in record)
            con.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(record.values()))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with connect(tmp_path_factory.mktemp("scoring") / "empty.duckdb") as con:
        create(con)
        yield con


@pytest.fixture
def con(empty: Connection) -> Iterator[Connection]:
    """A database without rows, however it is left: making the tables takes longer than all the rest."""
    empty.begin()
    yield empty
    empty.rollback()


def _figures(con: Connection, change: Callable[[Rows], None] = lambda rows: None) -> dict[str, float]:
    rows = _perfect()
    change(rows)
    _fill(con, rows)
    return score(con, LABELS)


def test_a_perfect_snapshot_has_nothing_but_ones(con: Connection) -> None:
    figures = _figures(con)
    assert set(figures) == set(load_floors()[0])
    assert {name: value for name, value in figures.items() if value != 1.0} == {}


def _wrong_speaker(rows: Rows) -> None:
    rows["quotes"][0]["speaker_id"] = "p1"
    rows["participant_mentions"].append(_mention("p3", "minister"))
    rows["event_participants"].append({"event_id": "e", "participant_id": "p3", "side": "both"})


def _set(table: str, **values: Any) -> Callable[[Rows], None]:
    return lambda rows: rows[table][0].update(values)


@pytest.mark.parametrize(
    ("change", "lowered"),
    [
        (_wrong_speaker, {"quotes.speaker_f1": 0.5}),
        (lambda rows: rows["quotes"][1].update(speaker_text="She"), {"quotes.speaker_f1": 0.5}),
        (lambda rows: rows["quotes"][1].update(kind="mixed"), {"quotes.kind": 0.5}),
        (_set("events", event_date=dt.date(2026, 3, 3)), {"events.date": 0.0}),
        (_set("events", date_precision="month"), {"events.date": 0.0}),
        (_set("events", event_date=None, date_precision="unknown"), {"events.date": 0.0}),
        (_set("events", status="planned"), {"events.status": 0.0}),
        (_set("events", countries=["PER"]), {"events.countries": 0.0}),
        (_set("agreements", instrument="treaty"), {"agreements.instrument": 0.0}),
        (_set("agreement_mentions", status="proposed"), {"agreements.status": 0.0}),
        (lambda rows: rows["agreement_parties"].pop(1), {"agreements.parties": 0.0}),
        (_set("participants", kind="organization"), {"participants.kind": pytest.approx(2 / 3)}),
        (_set("participants", country="BOL"), {"participants.country": pytest.approx(2 / 3)}),
        (lambda rows: rows["participant_mentions"][2].update(role="Minister"), {"participants.role": 0.0}),
        (_set("events", event_type="AGREE"), {"events.f1": 0.0}),
        (lambda rows: rows["quotes"].pop(),
         {"quotes.f1": pytest.approx(2 / 3), "quotes.speaker_f1": pytest.approx(2 / 3)}),
        (_set("articles", text=TEXT + " "),
         {"articles.found": 0.5, "participants.f1": 0.0, "quotes.f1": 0.0, "quotes.speaker_f1": 0.0, "events.f1": 0.0,
          "agreements.f1": 0.0}),
        (lambda rows: rows["event_mentions"].append(
            {"event_id": "e", "article_id": "sport", "trigger": "beat", "char_start": 5, "char_end": 9,
             "sentence_start": 0, "sentence_end": 20}),
         {"articles.clean": 0.0, "events.f1": pytest.approx(2 / 3)}),
    ],
)  # fmt: skip
def test_a_mistake_lowers_its_own_figure_alone(
    con: Connection, change: Callable[[Rows], None], lowered: dict[str, Any]
) -> None:
    assert {name: value for name, value in _figures(con, change).items() if value != 1.0} == lowered


@pytest.mark.parametrize(("part", "f1"), [("work starts", 1.0), ("work star", 0.5)])
def test_quotes_need_most_of_their_words_in_common(con: Connection, part: str, f1: float) -> None:
    def shorten(rows: Rows) -> None:
        rows["quotes"][1].update(char_end=at(part)[1], text=part)

    assert _figures(con, shorten)["quotes.f1"] == f1


def test_errors_are_named(con: Connection) -> None:
    rows = _perfect()
    rows["quotes"][1].update(char_start=0, char_end=4, text="Peru")
    _fill(con, rows)
    quotes = evaluate(con, LABELS).tables["quotes"]
    assert quotes.missed == ["rail: indirect, unnamed:Officials: work starts in May"]
    assert quotes.spurious == ["rail: indirect, Officials: Peru"]


def test_a_party_that_is_no_state_is_known_by_its_name(con: Connection) -> None:
    label = LABELS[0].model_dump()
    body = {"key": "union", "name": "Officials", "kind": "organization", "role": None, "country": None}
    label["participants"] += (body | {"mentions": ["Officials"]},)
    label["agreements"][0]["parties"] = ["PER", "union"]
    rows = _perfect()
    rows["participants"].append(
        {"participant_id": "p5", "name": "Officials", "kind": "organization", "aliases": ["Officials"]}
    )
    rows["participant_mentions"].append(_mention("p5", "Officials"))
    rows["agreement_parties"][1] = {"agreement_id": "a", "participant_id": "p5", "country": "CHL", "role": "party"}
    _fill(con, rows)
    assert score(con, [Label.model_validate(label)])["agreements.parties"] == 1.0


def test_figures_under_their_floor_are_named() -> None:
    figures = {"quotes.f1": 0.80, "events.f1": 0.5}
    assert check(figures, {"quotes.f1": 0.80, "events.f1": 0.505}, tolerance=0.01) == []
    assert check(figures, {"quotes.f1": 0.82, "events.date": 0.1}, tolerance=0.01) == [
        Failure("quotes.f1", 0.80, 0.82),
        Failure("events.date", None, 0.1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "floors: {}",
        "tolerance: 0.1\nfloors: {a.f1: 2}",
        "tolerance: yes\nfloors: {}",
        "tolerance: 0\nfloors: {a.f1: high}",
    ],
)
def test_floors_are_read_strictly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floors.yml"
    path.write_text(text)
    with pytest.raises(FloorsError):
        load_floors(path)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, list[str]]:
    labels = tmp_path / "labels.jsonl"
    labels.write_text("".join(label.model_dump_json() + "\n" for label in LABELS))
    database = tmp_path / "snapshot.duckdb"
    with connect(database) as con:
        create(con)
        _fill(con, _perfect())
    return tmp_path, [str(database), "--labels", str(labels)]


def test_the_command_prints_a_table_or_json(files: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    _, arguments = files
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["quotes.f1"] == 1.0
    assert main([*arguments, "--errors", "quotes"]) == 0
    assert "agreements" in capsys.readouterr().out


def test_the_command_fails_by_name_of_the_figure(
    files: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, arguments = files
    floors = folder / "floors.yml"
    floors.write_text("tolerance: 0.0\nfloors: {quotes.f1: 1.0, events.mode: 0.5}\n")
    assert main([*arguments, "--floors", str(floors)]) == 1
    assert capsys.readouterr().err == "under its floor: events.mode: not measured, floor 0.500\n"


def test_the_command_says_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.duckdb")]) == 2
    assert "none.duckdb" in capsys.readouterr().err


def test_an_empty_snapshot_scores_nothing(con: Connection) -> None:
    def forget(rows: Rows) -> None:
        rows.clear()

    figures = _figures(con, forget)
    assert figures["articles.found"] == 0.0
    assert figures["articles.clean"] == 0.0
    assert figures["events.f1"] == 0.0
