"""The bundled sample through the command line: what `make run` shows a stranger, and the floors under its accuracy."""

import pytest

from samples.labels import load_labels
from samples.scoring import FLOORS, check, load_floors, score
from tests.running import chancery
from warehouse import database, snapshot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The snapshot of one run over the sample."""
    data = tmp_path_factory.mktemp("sample") / "data"
    result = chancery("run", "--data", str(data), "--day", "2026-03-14")
    assert result.returncode == 0, result.stdout + result.stderr
    return snapshot.latest(data / "published")


def test_no_figure_falls_under_its_floor(published):
    floors, tolerance = load_floors(FLOORS)
    assert all(floor > 0 for floor in floors.values())
    with database.connect(published, read_only=True) as con:
        figures = score(con, load_labels())
    assert set(figures) == set(floors)
    assert check(figures, floors, tolerance) == []


def test_the_views_answer_the_first_questions(published):
    with database.connect(published, read_only=True) as con:

        def read(sql):
            return database.read(con, sql)

        meetings = read("select * from meetings")
        assert len(meetings) >= 8
        pact = read("select history, parties from agreements_register where title ilike 'lake turkana%'")
        assert len(pact) == 1
        life = [step.split()[0] for step in pact["history"][0].split(" → ")]
        assert life == ["proposed", "signed", "ratified", "in-force"]
        told = read("select max(article_count) as n from events where event_type = 'SUPPORT'")
        assert told["n"][0] >= 3
        views = read("select view_name from duckdb_views() where not internal")["view_name"]
        assert len(views) >= 8
        assert all(len(read(f"select * from {v}")) for v in views if v != "held_back")
