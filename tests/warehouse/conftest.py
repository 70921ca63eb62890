import datetime as dt
import shutil

import pytest

from warehouse import database, snapshot


@pytest.fixture(scope="session")
def empty_working(tmp_path_factory):
    """A working database that tests copy: its tables and hundreds of comments are made once."""
    path = tmp_path_factory.mktemp("template") / "working.duckdb"
    with database.connect(path) as con:
        database.create(con)
    return path


@pytest.fixture
def working(tmp_path, empty_working):
    """The path of a working database with all tables, empty and closed."""
    path = tmp_path / "data" / "working.duckdb"
    path.parent.mkdir()
    shutil.copyfile(empty_working, path)
    return path


@pytest.fixture
def con(working):
    """An open working database."""
    with database.connect(working) as con:
        yield con


@pytest.fixture
def candidate(working, tmp_path):
    """Build a candidate of the working database: ``candidate() -> (path, snapshot id)``."""

    def build():
        name = snapshot.snapshot_id()
        path = tmp_path / "data" / "candidate" / f"{name}.duckdb"
        snapshot.build_candidate(working, path, snapshot.Snapshot(name, "run-1", dt.datetime.now(dt.UTC), "7"))
        return path, name

    return build
