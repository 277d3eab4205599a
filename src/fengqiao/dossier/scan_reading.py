"""Reading scanned pages in a bounded child process: what each page's codes say, its picture, the page itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A child that says nothing for so long is stopped: its own bound counts the processor, not the waiting.
SILENT_FOR = 90
# So many pages may each end the child; the rest is then taken for unreadable without being tried.
MOST_DEATHS = 5
KEPT_FOR_THE_CHILD = ("PATH", "LD_LIBRARY_PATH")
CHILD = (sys.executable, "-I", "-m", "fengqiao.dossier.scan_child")


class TooLong(Exception):
    """There are more pages than were to be read at once."""


@dataclass(frozen=True)
class PageRead:
    """One page: ``texts`` of its codes, ``turn`` clockwise to stand upright.

    ``cut`` is the page alone where it comes from a PDF of several; ``picture`` its likeness, or ``None`` where it
    could not be drawn.
    """

    source: int
    page: int
    texts: tuple[str, ...] = ()
    turn: int = 0
    cut: Path | None = None
    picture: Path | None = None


@dataclass
class Reading:
    """``pages`` and ``troubles`` (damaged, locked, too_large) by source; ``read`` in the order of the stack."""

    pages: dict[int, int] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)
    read: list[PageRead] = field(default_factory=list)


def read_pages(
    folder: Path,
    sources: Sequence[str],
    *,
    most: int | None = None,
    tell: Callable[[Reading], None] = lambda so_far: None,
) -> Reading:
    """Reads files of a folder (``.pdf``, ``.jpg``, ``.png``), which takes cuts and pictures too.

    A page over which the child dies is one without a picture, and the rest is read by another. ``tell`` hears
    after each line. Raises ``TooLong`` where there are more than ``most`` pages, before any of them is read.
    """
    reading, start, deaths = Reading(), (0, 1), 0
    while deaths < MOST_DEATHS:
        job = {
            "folder": str(folder),
            "sources": list(sources),
            "start": start,
            "known": reading.pages | dict.fromkeys(reading.troubles, 0),
            "most": most,
        }
        at, ended = _one_child(job, folder, reading, tell)
        if ended == 3:
            raise TooLong
        if ended == 0:
            return reading
        deaths += 1
        if at[1] == 0:
            reading.troubles[at[0]] = "damaged"
        else:
            reading.read.append(PageRead(*at))
            tell(reading)
            start = (at[0], at[1] + 1)
    _give_up(reading, len(sources))
    return reading


def _one_child(
    job: dict[str, Any], folder: Path, reading: Reading, tell: Callable[[Reading], None]
) -> tuple[tuple[int, int], int]:
    """Where the child was last, and how it ended."""
    at = (0, 0)
    with _started(folder) as (child, alive):
        assert child.stdin is not None  # noqa: S101  it was opened as a pipe
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(json.dumps(job).encode())
        child.stdin.close()
        for line in child.stdout:
            alive()
            said = json.loads(line)
            if "at" in said:
                at = (said["at"][0], said["at"][1])
            elif "trouble" in said:
                reading.troubles[said["source"]] = said["trouble"]
            elif "pages" in said:
                reading.pages[said["source"]] = said["pages"]
            else:
                reading.read.append(_page(folder, said))
            tell(reading)
        return at, child.wait()


@contextmanager
def _started(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], None]]]:
    """The child, and how to say that it was heard; stopped when it is silent or nobody listens any more."""
    surroundings = {name: os.environ[name] for name in KEPT_FOR_THE_CHILD if name in os.environ}
    child = subprocess.Popen(  # noqa: S603  our own program, its input on a pipe
        CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=surroundings,
        start_new_session=True,
    )
    timer = threading.Timer(SILENT_FOR, child.kill)

    def heard() -> None:
        nonlocal timer
        timer.cancel()
        timer = threading.Timer(SILENT_FOR, child.kill)
        timer.daemon = True
        timer.start()

    heard()
    try:
        yield child, heard
    finally:
        timer.cancel()
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _page(folder: Path, said: dict[str, Any]) -> PageRead:
    return PageRead(
        source=said["source"],
        page=said["page"],
        texts=tuple(said.get("texts", ())),
        turn=said.get("turn", 0),
        cut=folder / said["cut"] if said.get("cut") else None,
        picture=folder / said["picture"] if said.get("picture") else None,
    )


def _give_up(reading: Reading, sources: int) -> None:
    there = {(page.source, page.page) for page in reading.read}
    for source in range(sources):
        if source not in reading.pages and source not in reading.troubles:
            reading.troubles[source] = "damaged"
        for page in range(1, reading.pages.get(source, 0) + 1):
            if (source, page) not in there:
                reading.read.append(PageRead(source, page))
