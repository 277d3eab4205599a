"""The house keeps its order: rooms, relations, words, sizes. Each rule names what breaks it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from fengqiao.config.environment import PROJECT
from fengqiao.dispatch import steps as assignment_steps
from fengqiao.kernel import guards
from fengqiao.matters import steps
from fengqiao.matters.enums import Action

SOURCE = PROJECT / "src" / "fengqiao"
ROOMS = [
    "kernel", "accounts", "places", "audit", "files", "rules", "matters", "notices", "dispatch", "clocks",
    "mediation", "mediators", "pool", "agreements", "counsel", "confirmation", "referrals", "dossier",
    "supervision", "leading", "reviews", "reporting", "study", "flows", "exchange", "web", "api", "simulate",
]  # fmt: skip

# Models are written outside domain/ only here, each for its reason.
WRITES_ELSEWHERE = {
    "accounts/models/person.py",  # Django's manager makes a person
}


def python_files() -> Iterator[Path]:
    yield from (p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def test_rooms_import_only_upwards():
    found = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


def test_relations_point_only_to_rooms_above():
    """String foreign keys make cycles that imports do not show."""
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target._meta.app_label not in ROOMS:
                continue
            if ROOMS.index(target._meta.app_label) > ROOMS.index(room):
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert wrong == []


def test_no_drawers():
    names = {p.stem for p in python_files()} | {p.name for p in SOURCE.rglob("*") if p.is_dir()}
    assert names & {"common", "utils", "helpers", "misc"} == set()


def test_no_signals_outside_accounts():
    speaking = [
        str(p.relative_to(SOURCE))
        for p in python_files()
        if "accounts" not in p.parts
        and re.search(r"django\.dispatch|\.signals import|post_save|pre_save", p.read_text(encoding="utf-8"))
    ]
    assert speaking == []


def test_models_are_written_only_in_domain():
    """A write outside domain/ goes around the verbs, and so around history and audit."""
    verbs = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
    wrong = []
    for path in python_files():
        where = str(path.relative_to(SOURCE))
        if "domain" in path.parts or where in WRITES_ELSEWHERE or path.parts[-2] == "kernel":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            manager = node.func.value
            through_manager = isinstance(manager, ast.Attribute) and manager.attr == "objects"
            if through_manager and node.func.attr in verbs:
                wrong.append(f"{where}:{node.lineno} .objects.{node.func.attr}")
    assert wrong == []


def test_nothing_but_move_writes_the_step():
    """``state`` and ``step`` of a matter are set in domain/move.py and nowhere else."""
    writers = set()
    for path in (SOURCE / "matters").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if isinstance(each, ast.Attribute) and each.attr in ("state", "step"):
                        writers.add(path.name)
    assert writers == {"move.py"}


def test_every_guard_of_the_table_is_supplied():
    named = {name for cell in steps.TABLE.values() for name in cell.guards}
    assert named - guards.known() == set()


def test_every_action_has_a_cell():
    assert {cell.action for cell in steps.TABLE.values()} == set(Action)


def test_no_department_moves_the_procedure():
    moving = [
        (c.state, c.action) for c in steps.TABLE.values() if "handler" in c.roles and c.next_state != c.state
    ]
    assert moving == []


def test_departments_alone_write_results():
    cells = [c for c in assignment_steps.TABLE.values() if c.action in ("dispose", "sign_off", "check_in")]
    assert {role for c in cells for role in c.roles} == {"handler"}


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_is_missing():
    connections["owner"].ensure_connection()
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_step_diagram_is_fresh():
    call_command("steps", "--check")


def test_templates_carry_no_inline_script_or_style():
    wrong = []
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text):
            wrong.append(str(path.relative_to(SOURCE)))
    assert wrong == []


def test_no_outside_host_is_ever_contacted():
    """Pages load nothing from elsewhere (field/rights: data stays; design/interface: no outside host)."""
    wrong = [
        str(p.relative_to(SOURCE))
        for p in SOURCE.rglob("templates/**/*.html")
        if re.search(r"(src|href|action)=\"(https?:)?//", p.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_sizes_are_reported():
    """A smell, not a law: the list is printed; what is far over fails."""
    large = {}
    for path in python_files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 400:
            large[str(path.relative_to(SOURCE))] = lines
    sys.stdout.write(f"files over 400 lines: {large or 'none'}\n")
    assert all(lines <= 600 for lines in large.values())
