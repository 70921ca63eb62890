"""Who may import whom: the house as a table, and the code held against it."""

import ast
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# Each room and the rooms it may import.  Arrows go up only.
MAY_IMPORT = {
    "sources": set(),
    "extraction": set(),
    "warehouse": set(),
    "resolution": {"extraction"},
    "expectations": {"warehouse"},
    "samples": {"warehouse"},
    "assets": {"sources", "extraction", "warehouse", "resolution", "expectations"},
    "pipelines": {"sources", "extraction", "warehouse", "assets"},
}

# Libraries that live in one room, or in one file of it.
AT_HOME = {
    "spacy": ("extraction/",),
    "duckdb": ("warehouse/",),
    "great_expectations": ("expectations/validate.py",),
    "dagster": ("assets/", "pipelines/"),
    "httpx": ("sources/http.py",),
    "httpcore": ("sources/http.py",),
    "protego": ("sources/network/robots.py",),
    "socket": ("sources/http.py",),
    "urllib.request": (),
    "requests": (),
    "trafilatura": ("sources/",),
    "feedparser": ("sources/",),
    "chardet": ("sources/formats/charsets.py",),
    "typer": ("pipelines/",),
}

# Of extraction, resolution may know the records and the codebook, not the layers.
RESOLUTION_KNOWS = {"extraction", "extraction.facts", "extraction.plover"}

FILES = sorted(p for room in MAY_IMPORT for p in (PROJECT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, at the top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_imports_point_upward_only(path):
    room = path.relative_to(PROJECT).parts[0]
    rooms = {name.split(".")[0] for name in imports(path)} & set(MAY_IMPORT)
    assert rooms - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_libraries_stay_at_home(path):
    here = str(path.relative_to(PROJECT))
    for library, homes in AT_HOME.items():
        used = any(name == library or name.startswith(library + ".") for name in imports(path))
        assert not used or here.startswith(homes or ("nowhere",)), f"{library} does not belong in {here}"


def test_resolution_knows_only_the_records_of_extraction():
    for path in (PROJECT / "resolution").rglob("*.py"):
        modules = {m for m in imports(path) if m.split(".")[0] == "extraction"}
        assert {".".join(m.split(".")[:2]) for m in modules} <= RESOLUTION_KNOWS, path


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_every_module_says_what_belongs_in_it(path):
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert "What belongs here" in doc, "a module's docstring says what belongs there"
    assert "What does not" in doc, "a module's docstring says what does not"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_no_file_holds_two_ideas(path):
    assert len(path.read_text("utf-8").splitlines()) <= 450


def test_all_rooms_are_walked():
    packages = {p.parent.name for p in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(MAY_IMPORT)
    assert sys.version_info >= (3, 11)
