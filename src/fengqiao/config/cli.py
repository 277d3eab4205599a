"""The command ``fengqiao``.

It is Django's management command, with three things of its own: its help lists this product's commands
first; where no database is named it runs the local server as long as the command lasts; and what is wrong
with an installation is said in a sentence, not in a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from fengqiao.config import environment
from fengqiao.config.database import DatabaseNotReady
from fengqiao.config.local_postgres import local_server
from fengqiao.config.server_programs import LocalServerError

STARTED = time.monotonic()
SETTINGS = "fengqiao.config.settings"
# These make the local server when there is none yet; the other commands only run one that set-up made.
SETTING_UP = {"setup", "demo", "restore"}
# These look at the sources or at the installation and must do without a database. Doctor sees to its own.
WITHOUT_DATABASE = {
    "", "help", "-h", "--help", "--version", "version", "doctor", "check", "collectstatic", "compilemessages",
    "diffsettings", "findstatic", "makemessages", "makemigrations", "openapi", "optimizemigration", "startapp",
}  # fmt: skip


def main() -> None:
    """Runs one command and leaves with its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    arguments = sys.argv[1:]
    command = arguments[0] if arguments else ""
    try:
        if command in ("", "-h", "--help") or arguments == ["help"]:
            _print_overview()
            return
        with _database_for("" if "--only-assets" in arguments else command):
            from django.core.management import ManagementUtility

            ManagementUtility(["fengqiao", *arguments]).execute()
    except (LocalServerError, DatabaseNotReady) as trouble:
        _leave(str(trouble))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except PermissionError as trouble:
        if str(environment.PROJECT) not in str(trouble.filename) and "fengqiao" not in str(trouble.filename):
            raise
        _leave(
            f"{trouble.filename} may not be read or written by this user: run as the user that set up this "
            "installation, or name another folder by FENGQIAO_HOME"
        )


def _leave(message: str) -> NoReturn:
    sys.stderr.write(f"fengqiao: {message}\n")
    raise SystemExit(1)


@contextmanager
def _database_for(command: str) -> Iterator[None]:
    """The local server while the command runs, unless a database is named or the command needs none."""
    named = os.environ.get("FENGQIAO_DATABASE_URL") or os.environ.get("FENGQIAO_APP_DATABASE_URL")
    server = None if named or command in WITHOUT_DATABASE else local_server()
    if server is None or not (command in SETTING_UP or server.note.exists()):
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        with server.borrowed():
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _print_overview() -> None:
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours = {
        name: load_command_class(app, name)
        for name, app in sorted(get_commands().items())
        if isinstance(app, str) and app.startswith("fengqiao.")
    }
    width = max(map(len, ours), default=0)
    lines = ["usage: fengqiao COMMAND [OPTIONS]", "", "Commands:"]
    lines += [f"  {name:<{width}}  {command.help.splitlines()[0]}" for name, command in ours.items()]
    examples = [example for command in ours.values() for example in getattr(command, "examples", ())]
    lines += ["", "Examples:", *(f"  {example}" for example in examples)]
    lines += ["", "fengqiao COMMAND --help    the options of one command"]
    lines += ["fengqiao help --commands   Django's own commands too (migrate, shell, …)"]
    sys.stdout.write("\n".join(lines) + "\n")
