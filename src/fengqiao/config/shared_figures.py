"""Where the web server's processes keep their counts together: memory, a folder for each run of the server.

It must be named before prometheus-client is imported, so nothing here imports it. The folder lies in shared
memory and not on the disk: its files are mapped, and a process that writes to a mapped file on a full disk is
killed by the kernel.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

# The name is prometheus-client's.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108  memory, and the folder made in it is its owner's alone


def share_with_the_others() -> None:
    """Names the folder of this run of the web server to prometheus-client.

    Called by each web process when it starts. The processes of one run have the same parent and meet in the
    folder named after it; one that is started again goes on counting. Folders of ended runs are removed.
    """
    parent = os.getppid()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    prefix = f"fengqiao-figures-{os.geteuid()}-"
    for left in memory.glob(f"{prefix}*"):
        pid, _, began = left.name.removeprefix(prefix).partition("-")
        if _began(int(pid)) != began:
            shutil.rmtree(left, ignore_errors=True)
    folder = memory / f"{prefix}{parent}-{_began(parent)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        os.environ[SHARED] = str(folder)


def _began(pid: int) -> str:
    """A mark that no other process of this number has; "" where there is none, or the system tells none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
