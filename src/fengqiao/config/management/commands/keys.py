"""`fengqiao keys status`, `add`, `rotate` and `retire`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.config import rotating
from fengqiao.flows.organisation import operator
from fengqiao.flows.sign_in import NO_COUNTY
from fengqiao.kernel import keyring_file
from fengqiao.kernel.crypto import KeyMissing, Keyring


class Command(BaseCommand):
    help = "Rotate the keys that protect personal data and files; docs/keys.md."
    examples = ("fengqiao keys status", "fengqiao keys rotate", "fengqiao keys retire")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        status = what.add_parser("status", help="which key protects how much")
        status.add_argument("--json", action="store_true", help="one JSON document on standard output")
        what.add_parser(
            "add", help="add keys without using them: only where several machines serve one county"
        )
        rotate = what.add_parser(
            "rotate", help="use the newest keys and protect everything anew; goes on if stopped"
        )
        rotate.add_argument("--batch", type=int, default=rotating.BATCH, help="rows in one transaction")
        what.add_parser("retire", help="take the old keys out of the keyring when nothing refers to them")

    def handle(self, *args: Any, **options: Any) -> None:
        if rotating.OWNER not in connections.databases:
            raise CommandError("keys rotate as the tables' owner: set FENGQIAO_DATABASE_URL")
        try:
            getattr(self, f"_{options['what']}")(options)
        except (KeyMissing, rotating.NotNow, keyring_file.NoMoreKeys) as trouble:
            raise CommandError(str(trouble)) from trouble

    def _status(self, options: dict[str, Any]) -> None:
        keys = Keyring.load(settings.KEYRING)
        used = rotating.use_by_place()
        if options["json"]:
            told = {
                "current": keys.current,
                "index": keys.index_version,
                "keys": {
                    key: keys.since.get(key) for key in sorted(keys.data_keys, key=keyring_file.number_of)
                },
                "use": used,
            }
            self.stdout.write(json.dumps(told))
            return
        for key in sorted(keys.data_keys, key=keyring_file.number_of):
            mark = "in use" if key == keys.current else "not used for what is new"
            self.stdout.write(f"{key}  since {keys.since.get(key, 'set-up')}  {mark}")
        self.stdout.write(f"blind indexes: {keys.index_version} in use, of {sorted(keys.index_keys)}")
        for place, by_key in used.items():
            listed = ", ".join(f"{number} with {key}" for key, number in sorted(by_key.items()))
            self.stdout.write(f"{place}: {listed or 'nothing'}")

    def _add(self, options: dict[str, Any]) -> None:
        key = keyring_file.newest(keyring_file.add_key(settings.KEYRING))
        _audit("keys.added", {"key": key})
        self.stdout.write(
            f"{key} is in the keyring and not in use. Copy the keyring to every machine, then rotate."
        )

    def _rotate(self, options: dict[str, Any]) -> None:
        keys = Keyring.load(settings.KEYRING)
        left_over = any(
            key not in (keys.current, f"index {keys.index_version}")
            for by_key in rotating.use_by_place().values()
            for key in by_key
        )
        if left_over:
            self.stdout.write(f"going on with {keys.current}")
        else:
            if keyring_file.newest(keys) == keys.current:
                keyring_file.add_key(settings.KEYRING)
            keys = keyring_file.use_newest(settings.KEYRING)
            _audit("keys.used", {"key": keys.current, "index": keys.index_version})
            self.stdout.write(f"{keys.current} is in use")
        done: dict[str, int] = {}
        for progress in rotating.protect_anew(batch=options["batch"]):
            done[progress.place] = progress.done
            self.stdout.write(f"{progress.place}: {progress.done}")
            self.stdout.flush()
        _audit("keys.rotated", {"key": keys.current, "index": keys.index_version, "done": done})
        self.stdout.write(
            "everything is protected with the keys in use; `fengqiao keys retire` removes the old ones"
        )

    def _retire(self, options: dict[str, Any]) -> None:
        keys = Keyring.load(settings.KEYRING)
        old = sorted(set(keys.data_keys) - {keys.current}, key=keyring_file.number_of)
        if not old:
            self.stdout.write(f"{keys.current} is the only key")
            return
        reasons = rotating.in_the_way()
        if reasons:
            raise CommandError("\n  ".join(["nothing was retired:", *reasons]))
        keyring_file.drop_others(settings.KEYRING)
        _audit("keys.retired", {"keys": old})
        self.stdout.write(f"retired: {', '.join(old)}. A backup from before needs the keyring kept with it.")


def _audit(verb: str, details: dict[str, Any]) -> None:
    actor = operator(NO_COUNTY)
    with scope(actor):
        record(actor=actor, verb=verb, details=details)
