"""The parsing box held against real deaths, real hunger and real stubbornness of its workers."""

from __future__ import annotations

import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.box import Box, BoxBroken, BoxFailure, BoxSettings
from sources.formats.markup import parse
from sources.log import Reason

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(BoxSettings(seconds=2, megabytes=150, workers=2)) as box, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.box.WORTH_A_WORKER", 1)
        yield box


def failure(box: Box, function: object, *args: object) -> BoxFailure:
    with pytest.raises(BoxFailure) as caught:
        box.call(function, *args)  # type: ignore[arg-type]
    return caught.value


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def within(seconds: float, condition: object) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_values_come_back_and_in_order(box: Box) -> None:
    assert box.call(math.sqrt, 16) == 4
    assert list(box.map(math.sqrt, ((n * n,) for n in range(50)))) == list(range(50))


def test_a_slow_task_does_not_change_the_order(box: Box) -> None:
    naps = [(0.3,), (0,), (0,), (0.1,), (0,)]
    assert list(box.map(time.sleep, naps)) == [None] * 5
    assert list(box.map(max, [(range(9_000_000),), (range(2),)])) == [8_999_999, 1]


def test_no_more_is_taken_than_keeps_the_workers_busy(box: Box) -> None:
    taken = 0

    def many() -> Iterator[tuple[int]]:
        nonlocal taken
        while True:
            taken += 1
            yield (taken,)

    outcomes = box.map(math.sqrt, many())
    assert next(outcomes) == 1
    assert taken == 2 * box.settings.workers + 1


def test_a_parse_without_end_is_stopped_and_the_others_go_on(box: Box) -> None:
    stubborn = r"(x+x+)+y", "x" * 40  # one call into C that would last for years, deaf to signals' Python handlers
    begun = time.monotonic()
    good, stuck, fine = box.map(re.match, [("x", "x"), stubborn, ("x", "xx")])
    assert time.monotonic() - begun < 10
    assert isinstance(good, BoxFailure)
    assert good.exception == "TypeError", "a match does not pickle: the value is refused, not the worker lost"
    assert isinstance(stuck, BoxFailure)
    assert (stuck.reason, stuck.detail) == (Reason.PARSER_STUCK, "no end after 2 seconds")
    assert isinstance(fine, BoxFailure)
    assert box.call(math.sqrt, 4) == 2


def test_memory_runs_out_in_python(box: Box) -> None:
    found = failure(box, bytearray, 400 << 20)
    assert (found.reason, found.detail) == (Reason.PARSER_MEMORY, "more than 150 MiB")
    assert box.call(len, bytes(20 << 20)) == 20 << 20


def test_memory_runs_out_in_lxml_which_calls_it_a_fault_of_the_page(box: Box) -> None:
    page = "<html><body>" + "".join(f"<p a{n}=b>x{n}</p>" for n in range(600_000))
    assert failure(box, parse, page).reason is Reason.PARSER_MEMORY


@pytest.mark.parametrize(
    ("end", "args", "told"),
    [(os.abort, (), "SIGABRT"), (os._exit, (3,), "exit code 3"), (signal.raise_signal, (signal.SIGSEGV,), "SIGSEGV")],
)
def test_a_worker_that_dies_takes_no_other_task_along(box: Box, end: object, args: tuple[int, ...], told: str) -> None:
    found = failure(box, end, *args)
    assert (found.reason, found.detail) == (Reason.PARSER_CRASHED, f"its process ended by {told}")
    assert list(box.map(math.sqrt, ((1,) for _ in range(6)))) == [1] * 6


def test_a_worker_more_is_started_when_it_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.box.WORTH_A_WORKER", 50)
    with Box(BoxSettings(workers=3)) as box:
        assert len(set(box.map(os.getpid, [()] * 20))) == 1
        assert len(set(box.map(os.getpid, [()] * 200))) == 3


def test_a_death_amid_many_tasks_costs_the_one_that_caused_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.box.WORTH_A_WORKER", 1)
    with Box(BoxSettings(workers=2)) as box:
        outcomes = list(box.map(exec, [("import os; os.abort()" if n in (3, 4) else "1",) for n in range(12)]))
    crashed = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BoxFailure)]
    assert crashed == [3, 4]


def test_tasks_whose_worker_is_killed_from_outside_are_done_again(box: Box) -> None:
    victims = {box.call(os.getpid) for _ in range(3)}

    def kill() -> None:
        time.sleep(0.3)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert list(box.map(time.sleep, [(0.6,)] * 4)) == [None] * 4
    killer.join()
    assert box.call(os.getpid) not in victims


def test_an_idle_worker_that_is_killed_is_replaced(box: Box) -> None:
    first = box.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert within(5, lambda: not alive(first))
    assert box.call(math.sqrt, 9) == 3


def test_a_parser_that_raises_is_told_in_one_clean_line(box: Box) -> None:
    found = failure(box, exec, "raise RuntimeError('no \\x1b[31mway\\nsecret')")
    assert (found.reason, found.detail) == (Reason.PARSER_FAILED, "RuntimeError: no [31mway")
    assert found.exception == "RuntimeError"
    assert failure(box, sys.exit, 7).detail == "SystemExit: 7"
    assert failure(box, exec, "f = lambda g: g(g)\nf(f)").exception == "RecursionError"


REFUSED = {
    "a file": "open({path!r}, 'w')",
    "a file by number": "import os; os.open({path!r}, os.O_CREAT | os.O_WRONLY)",
    "a file, appended": "open({path!r}, 'ab')",
    "a folder": "import os; os.mkdir({path!r})",
    "a passing file": "import tempfile; tempfile.TemporaryFile()",
    "a file gone": "import os; os.remove({path!r})",
    "a connection": "import socket; socket.create_connection(('127.0.0.1', {port}), 1)",
    "a socket": "import socket; socket.socket()",
    "a name": "import socket; socket.getaddrinfo('paper.example', 80)",
    "a page": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/')",
    "a command": "import os; os.system('touch {path}')",
    "a process": "import subprocess; subprocess.run(['touch', {path!r}])",
    "a fork": "import os; os.fork()",
    "another program": "import os; os.execv('/bin/touch', ['touch', {path!r}])",
    "a signal": "import os; os.kill(os.getppid(), 0)",
    "a library": "import ctypes; ctypes.CDLL(None)",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_parser_gets_nothing_of_the_world(box: Box, tmp_path: Path, what: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        path = tmp_path / "written"
        code = REFUSED[what].format(path=str(path), port=server.getsockname()[1])
        found = failure(box, exec, code)
        told = "FileNotFoundError" if what == "a passing file" else "PermissionError"  # tempfile: no folder is usable
        assert (found.reason, found.exception) == (Reason.PARSER_FAILED, told)
        with pytest.raises(TimeoutError):
            server.accept()
    assert not list(tmp_path.iterdir())


def test_what_c_code_would_write_is_stopped_by_the_kernel(box: Box, tmp_path: Path) -> None:
    path = tmp_path / "written"
    box.call(exec, f"from lxml import etree; etree.ElementTree(etree.Element('a')).write({str(path)!r})")
    assert path.read_bytes() == b""


def test_modules_can_be_loaded_still(box: Box) -> None:
    assert box.call(exec, "import wave, colorsys; 'é'.encode('cp037')") is None


def test_a_worker_is_replaced_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.box.TASKS_A_WORKER", 3)
    with Box(BoxSettings(workers=1)) as box:
        pids = [box.call(os.getpid) for _ in range(7)]
    assert len(set(pids)) == 3


def test_nothing_is_started_for_nothing_and_everything_ends() -> None:
    with Box() as box:
        assert list(box.map(math.sqrt, [])) == []
        assert not box._lanes
        pids = {box.call(os.getpid), *box.map(os.getpid, [()] * 4)}
        assert all(map(alive, pids))
    assert within(5, lambda: not any(map(alive, pids)))
    assert box.call(math.sqrt, 4) == 2, "it can be used again"
    box.close()


def test_a_box_that_cannot_start_says_so_instead_of_blaming_the_page(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sources.boxed.enter", math.sqrt)  # which does not take two numbers
    with Box(BoxSettings(workers=1)) as box, pytest.raises(BoxBroken):
        box.call(math.sqrt, 4)
    assert "takes exactly one argument" in capfd.readouterr().err


SCRIPT = """
import os, sys, time
from sources.box import Box, BoxSettings

def main():
    with Box(BoxSettings(seconds={seconds}, workers=2)) as box:
        print(box.call(os.getpid), flush=True)
        {last}

if __name__ == "__main__":
    main()
"""


def script(tmp_path: Path, last: str, seconds: float = 60) -> subprocess.Popen[str]:
    file = tmp_path / "parent.py"
    file.write_text(SCRIPT.format(last=last, seconds=seconds), "utf-8")
    return subprocess.Popen(
        [sys.executable, "-X", "dev", str(file)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    "last",
    [
        "time.sleep(60)",  # the worker waits for work
        "list(box.map(time.sleep, [(60,)] * 2))",  # it is busy, and would hear a signal
        "import re; list(box.map(re.match, [('(x+x+)+y', 'x' * 40)] * 2))",  # it is busy, deaf, and holds the GIL
    ],
)
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path, last: str) -> None:
    parent = script(tmp_path, last)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.5)
    assert alive(worker)
    parent.kill()
    parent.communicate()
    assert within(3, lambda: not alive(worker))


@pytest.mark.parametrize(
    "last",
    ["pass", "next(box.map(time.sleep, [(0,), (9,), (9,), (9,)]))", "[box.call(os.getpid) for _ in range(5)]"],
)
def test_a_program_ends_quietly(tmp_path: Path, last: str) -> None:
    parent = script(tmp_path, last)
    _, errors = parent.communicate(timeout=60)
    assert (parent.returncode, errors) == (0, "")


def test_a_program_that_is_interrupted_leaves_no_worker(tmp_path: Path) -> None:
    parent = script(tmp_path, "list(box.map(time.sleep, [(60,)] * 4))")
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.5)
    parent.send_signal(signal.SIGINT)
    _, errors = parent.communicate(timeout=30)
    assert errors.strip().endswith("KeyboardInterrupt")
    assert "semaphore" not in errors
    assert within(3, lambda: not alive(worker))
