"""``fengqiao rules replay``: the ledger under a draft, from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.domain import replaying
from fengqiao.matters.models import Replay
from fengqiao.matters.queries.replays import Summary, summary_of
from fengqiao.places.queries.acting import exchange_of
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.versions import versions_of
from fengqiao.rules.subcommands import SubCommand, Write
from fengqiao.rules.vocabulary import shape_of


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "--table", required=True, choices=[each.value for each in TableKind if shape_of(each).of_matter]
    )
    parser.add_argument("--draft", required=True, type=int, help="the number of the version")
    parser.add_argument("--from", dest="since", required=True, type=date.fromisoformat, help="first day")
    parser.add_argument("--to", dest="until", required=True, type=date.fromisoformat, help="last day")
    parser.add_argument(
        "--county", default=None, help="six digits; without it the county of this installation"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(options: dict[str, Any], write: Write) -> None:
    """Replays and tells; nothing of the matters is changed. Raises ``Refusal``."""
    actor = exchange_of(options["county"] or None)
    with scope(actor):
        versions = versions_of(actor, TableKind(options["table"]))
        draft = versions.filter(number=options["draft"]).first()
    if draft is None:
        raise Refusal("no_such_draft", _("本县没有这一版规则表。"))
    made = _ordered(actor, draft.pk, options["since"], options["until"])
    replay = replaying.carry_out(actor=actor, replay_id=made.pk)
    with scope(actor):
        told = as_told(replay, summary_of(actor, replay))
    if options["json"]:
        write(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        if isinstance(value, list):
            for each in value:
                write(f"{name}: " + "  ".join(f"{key} {said}" for key, said in each.items()))
        else:
            write(f"{name}: {value}")


def as_told(replay: Replay, found: Summary) -> dict[str, Any]:
    """A replay in codes and numbers."""
    return {
        "replay": str(replay.pk),
        "table": replay.draft.kind,
        "draft": replay.draft.number,
        "against": replay.base,
        "matters": found.total,
        "moved": found.moved,
        "risk_up": found.risk_up,
        "risk_down": found.risk_down,
        "rows": [
            {"before": each.before_row, "after": each.after_row, "matters": each.n} for each in found.by_row
        ],
        "load": [
            {"department": kind, "before": before, "after": after}
            for kind, (before, after) in found.load.items()
        ],
        "due": [
            {"turn": each.due_turn, "before": each.before_limit, "after": each.after_limit, "matters": each.n}
            for each in found.due
        ],
    }


def _ordered(actor: Actor, version_id: Any, since: date, until: date) -> Replay:
    with attempt(actor, verb="rules.replay", subject=f"table:{version_id}"):
        return replaying.order(actor=actor, version_id=version_id, since=since, until=until)


COMMAND = SubCommand("replay", "ask the ledger under a draft; nothing is changed", add_arguments, run)
