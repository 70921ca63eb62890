"""The inside of the parsing box: what a worker process may do, and how it runs one parse.

What belongs here: limits, refusals, and the way an outcome leaves the worker.
What does not: starting workers and reading outcomes (box), and parsing (formats).

A worker parses bytes that a stranger wrote.  It needs nothing of the world for that: once its libraries are loaded it
may read files (lazily loaded modules and tables), and neither write one, nor open a socket, nor start a process.  What
Python does is refused by an audit hook; what C libraries would write is stopped by the kernel, which lets no file grow.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sources.formats.text import line

# What parsing loads sooner or later: loaded before the limits are set, it does not count against them.
_LOADED_FIRST: Final = ("trafilatura", "sources.formats.drafts", "sources.formats.feeds")

EXIT_MEMORY: Final = 77
"""The exit code of a worker that ran out of memory: it is not fit for another task, so it ends."""
GRACE: Final = 5
"""Seconds past its limit after which a task ends its own worker, should nobody have done so."""

Outcome = tuple[bool, bytes]
"""(True, a pickled value), or (False, a pickled (class of the exception, the exception as a line))."""

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_WRITE_MODES: Final = frozenset("wax+")
_REFUSED_FAMILIES: Final = frozenset(
    "ctypes ftplib http imaplib nntplib poplib pty shutil smtplib socket sqlite3 subprocess telnetlib tempfile urllib "
    "webbrowser".split()
)
_REFUSED: Final = frozenset(
    "os.chflags os.chmod os.chown os.exec os.fork os.forkpty os.kill os.killpg os.link os.lockf os.mkdir "
    "os.posix_spawn os.remove os.removexattr os.rename os.rmdir os.setxattr os.spawn os.startfile os.symlink os.system "
    "os.truncate os.utime".split()
)


def enter(parent: int, megabytes: int) -> None:
    """Make this process a worker of the process `parent`: load what parsing needs, then shut the doors."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a Python handler would wait for C code that never returns
    _end_with(parent)
    for name in _LOADED_FIRST:
        importlib.import_module(name)
    logging.disable()  # a library's remarks on a stranger's page, with the page's words in them
    _watch_lxml()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    mapped = _mapped()
    if mapped is not None:
        resource.setrlimit(resource.RLIMIT_AS, (mapped + (megabytes << 20),) * 2)
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)


def ready() -> bool:
    """The first task of a worker under suspicion: whether it has started at all."""
    return True


def run(seconds: float, function: Callable[..., Any], args: Sequence[Any]) -> Outcome:
    """One task.  Ends the process when memory ran out, or when `seconds` are long over."""
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)  # SIGALRM is not handled: it ends the process
    try:
        return True, pickle.dumps(function(*args), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except BaseException as error:  # SystemExit too: a parser has no business ending the worker
        return False, pickle.dumps((type(error).__name__, described(error)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def described(error: BaseException) -> str:
    """An exception as one clean line: its class and the first line of what it says."""
    try:
        first = next(iter(str(error).splitlines()), "")
    except Exception:  # the message is a stranger's too
        first = ""
    return f"{type(error).__name__}: {line(first[:300]) or ''}".removesuffix(": ")


def _end_with(parent: int) -> None:
    """Let the kernel kill this process when its parent dies; a worker that waits for work notices by itself."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        os._exit(1)


def _mapped() -> int | None:
    """Bytes of address space that are in use, or None where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return None


def _watch_lxml() -> None:
    """End the worker when lxml has no memory: it reports that as a fault of the document, which callers pass over."""
    from lxml import etree

    out_of_memory = (etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.XPATH_MEMORY_ERROR)

    class Log(etree.PyErrorLog):  # type: ignore[misc]
        def receive(self, entry: Any) -> None:
            if entry.type in out_of_memory:
                os._exit(EXIT_MEMORY)

    etree.use_global_python_log(Log())


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """The audit hook: raises PermissionError for whatever parsing does not need."""
    if event == "open":
        _, mode, flags = args
        if flags & _WRITING or (mode is not None and not _WRITE_MODES.isdisjoint(mode)):
            raise PermissionError("a parser may not write a file")
    elif event in _REFUSED or event.partition(".")[0] in _REFUSED_FAMILIES:
        raise PermissionError(f"a parser may not do this: {event}")
