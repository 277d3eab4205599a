"""What the desk can do, a program can do: every verb that is reached from a page and from no address of the API
stands here with its reason, so that none is forgotten in silence.

A verb is a function of ``flows``, or a member of an ``…Action`` by which one is told what to do. Read from the
sources, not from the running program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db.models import TextChoices

import fengqiao

SOURCES = Path(fengqiao.__file__).parent

ADMINISTRATORS = "administrators work at the desk, with their second factor"
WHOLE = "a whole number is opened by somebody who says why, at the desk"
CLOSES = "who may see a matter at all is decided in front of it"
CHASING = (
    "what centres decide when they chase is decided at the desk; what it is answered with comes by the API"
)
PERSONS = "what is found of somebody's work is looked at and written at the desk"
TABLES = "a table of rules is drafted and approved in front of its rows and replays"
OTHERWISE = "the API reaches it by another function"
AT_THE_DESK_ALONE = {
    ADMINISTRATORS: """
        Care.DEACTIVATE Care.REACTIVATE Care.RESET_SECOND_FACTOR Care.SET_FIRST_PASSWORD Care.UNLINK Care.UNLOCK
        bodies.add bodies.amend bodies.end bodies.reopen bodies.set_residents
        calendar.enter_closure calendar.enter_notice calendar.withdraw
        divisions.add divisions.end divisions.rename divisions.reopen
        grids.add grids.amend grids.end grids.reopen machines.end machines.issue
        people.amend people.care people.end_post people.enter people.open_post sign_in.choose_post
    """,
    WHOLE: "people.show_telephone pool.show_telephone procedure.unmask",
    CLOSES: "procedure.inform procedure.name_reader procedure.restrict procedure.seal",
    CHASING: """
        InstructionAction.ACCEPT InstructionAction.SEND_BACK leading.instruct leading.recommend
        KeyAction.CHARGE KeyAction.LOOK KeyAction.UNLIST KeyAction.VISIT leading.act_on_key leading.list_matter
        ReportAction.END ReportAction.FOLLOW_UP reporting.decline reporting.go_on reporting.write
        SupervisionAction.DECIDE SupervisionAction.LIFT SupervisionAction.RECORD_OUTCOME supervising.propose
        study.convene study.end_member study.name_member
    """,
    PERSONS: """
        CaseAction.ANSWER CaseAction.CONCLUDE CaseAction.FIND CaseAction.WRITE_UP reviewing.act reviewing.open_case
        HeldAction.REPLY HeldAction.WITHDRAW accounting.act accounting.enter accounting.taken_out
        sampling.check sampling.draw sampling.mend
    """,
    TABLES: """
        rule_tables.approve rule_tables.begin rule_tables.drop rule_tables.end rule_tables.replay
        rule_tables.rewrite rule_tables.send_back rule_tables.submit rule_tables.take_back
    """,
    OTHERWISE: """
        NoteKind.ADVISED NoteKind.REMINDED NoteKind.VISITED bulk.carry_out bulk.may registering.at_the_window
    """,
}


def test_every_verb_of_the_desk_is_a_verb_of_the_api_or_stands_here_with_its_reason() -> None:
    offered = _actions_of_flows() | (_functions_of_flows() & _named("web/desk"))
    said = [verb for verbs in AT_THE_DESK_ALONE.values() for verb in verbs.split()]
    assert sorted(offered - _named("api")) == sorted(said)


@cache
def _modules(room: str) -> dict[str, ast.Module]:
    files = sorted((SOURCES / room).rglob("*.py"))
    texts = {each: each.read_text(encoding="utf-8") for each in files}
    return {
        ".".join(("fengqiao", *each.relative_to(SOURCES).with_suffix("").parts)): ast.parse(text)
        for each, text in texts.items()
        # Of the desk only who calls a flow.
        if room != "web/desk" or "fengqiao.flows" in text
    }


def _functions_of_flows() -> set[str]:
    return {
        f"{name.rpartition('.')[2]}.{node.name}"
        for name, module in _modules("flows").items()
        for node in module.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def _actions_of_flows() -> set[str]:
    """``Enumeration.MEMBER``: the keys of the tables by which a flow finds its verb."""
    return {
        f"{key.value.id}.{key.attr}"
        for module in _modules("flows").values()
        for node in module.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name)
    }


@cache
def _named(room: str) -> frozenset[str]:
    """Functions of flows and actions that a room names; an action also by its value, where the enumeration is
    asked for one in a module with that word, or beside one."""
    named: set[str] = set()
    modules = _modules(room)
    for module in modules.values():
        flows, beside = {}, [module]
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom):
                of = node.module or ""
                if of == "fengqiao.flows":
                    flows |= {each.asname or each.name: each.name for each in node.names}
                named |= {f"{of.rpartition('.')[2]}.{each.name}" for each in node.names}
                beside += [modules[of]] if of in modules else []
        words = {node.value for each in beside for node in ast.walk(each) if isinstance(node, ast.Constant)}
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named.add(f"{flows.get(node.value.id, node.value.id)}.{node.attr}")
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named |= {f"{node.func.id}.{name}" for name in _members(node.func.id, words)}
    return frozenset(named)


def _members(enumeration: str, words: set[object]) -> Iterator[str]:
    """The members of an enumeration of actions whose values are among the words."""
    kind = _enumerations().get(enumeration)
    return (each.name for each in kind if each.value in words) if kind else iter(())


@cache
def _enumerations() -> dict[str, type[TextChoices]]:
    return {each.__name__: each for each in TextChoices.__subclasses__() if each.__name__.endswith("Action")}
