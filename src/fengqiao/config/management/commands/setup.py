"""`fengqiao setup`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fengqiao.config import assets, database, environment
from fengqiao.config.restoring import unfinished
from fengqiao.kernel.crypto import Keyring


class Command(BaseCommand):
    help = "Make the database ready (roles, tables), the keys and the assets; may be repeated at any time."
    examples = (
        "fengqiao setup",
        "FENGQIAO_DATABASE_URL=postgresql://owner:…@host/fengqiao fengqiao setup",
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-password",
            action="store_true",
            help="give an application role that is already there this installation's password",
        )

        parser.add_argument(
            "--only-assets",
            action="store_true",
            help="only collect the pages' scripts and styles for serving (in an image, or as the program's owner)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only_assets"]:
            if not assets.built():
                raise CommandError("the pages' scripts and styles are not built: run `make assets`")
            assets.collect()
            return
        set_up(verbosity=options["verbosity"], new_password=options["new_password"])
        self.stdout.write("The installation is ready. `fengqiao doctor` looks it over.")


def set_up(*, verbosity: int = 1, new_password: bool = False) -> None:
    """Roles, tables, keys, assets. A step that has nothing to do costs next to nothing."""
    if unfinished().exists():
        raise CommandError(
            "a restoring was interrupted here: run it again (it clears up first), or take another FENGQIAO_HOME"
        )
    owner = environment.owner_address()
    if owner is None:
        raise CommandError(
            "set-up works as the tables' owner: set FENGQIAO_DATABASE_URL (FENGQIAO_APP_DATABASE_URL is for "
            "the web server and the worker)"
        )
    database.prepare(owner, new_password=new_password)
    database.migrate(verbosity=verbosity)
    Keyring.create(settings.KEYRING)
    settings.AUDIT_ROOTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    # On a server the program belongs to another user, who has collected them (--only-assets).
    if assets.built() and assets.may_collect():
        assets.collect()
