"""The signed roots in their folder outside the database, and what becomes of them when somebody tampers there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.audit.domain.roots import write_roots
from fengqiao.audit.queries.verification import Break, verify
from fengqiao.audit.tasks import write_audit_roots
from fengqiao.kernel import chain
from tests.audit.conftest import Story


def broken(roots: Path) -> list[Break] | None:
    return verify(roots=roots).broken


@pytest.fixture
def longer(story: Story, tmp_path: Path) -> Path:
    """A copy of the folder whose file of the county has three lines."""
    folder = tmp_path / "roots"
    shutil.copytree(story.roots, folder)
    for turn in range(2):
        actor = story.county.actor(Role.DIRECTOR)
        with scope(actor):
            record(actor=actor, verb="test.turn", details={"turn": turn})
        assert write_roots(folder)["440785"] >= 1
    assert broken(folder) == []
    assert len((folder / "440785.jsonl").read_text().splitlines()) == 3
    return folder


def test_what_has_not_grown_is_not_signed_again(story: Story, longer: Path) -> None:
    before = (longer / "440785.jsonl").read_bytes()
    assert write_roots(longer) == {}
    assert (longer / "440785.jsonl").read_bytes() == before


def test_a_removed_first_or_middle_line_is_found(longer: Path) -> None:
    path = longer / "440785.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    for number, left in ((1, lines[1:]), (2, [lines[0], lines[2]])):
        path.write_text("".join(left))
        assert broken(longer) == [
            Break(
                "roots 440785.jsonl",
                f"440785.jsonl, line {number}: a line before it is missing or was changed",
            )
        ]


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_changed_line_is_found(longer: Path, line: int) -> None:
    path = longer / "440785.jsonl"
    lines = path.read_text().splitlines()
    said = json.loads(lines[line - 1])
    said["chains"] = {name: [1, digest] for name, (_count, digest) in said["chains"].items()}
    lines[line - 1] = chain.exact_bytes(said).decode()
    path.write_text("\n".join(lines) + "\n")
    assert broken(longer) == [
        Break("roots 440785.jsonl", f"440785.jsonl, line {line}: the signature does not hold")
    ]


@pytest.mark.parametrize("put", ["{", "[]", "null", '{"v": 1}', ""])
def test_a_line_that_is_no_root_is_found(longer: Path, put: str) -> None:
    path = longer / "440785.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], put, *lines[2:]]) + "\n")
    assert broken(longer) == [
        Break("roots 440785.jsonl", "440785.jsonl, line 2: the signature does not hold")
    ]


def test_roots_of_another_signer_are_found(longer: Path) -> None:
    stranger = Ed25519PrivateKey.generate().public_key()
    (longer / "public.pem").write_bytes(
        stranger.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert Break("roots 440785.jsonl", "440785.jsonl, line 1: the signature does not hold") in (
        broken(longer) or []
    )


def test_without_the_public_key_nothing_is_proved_and_it_is_said(longer: Path) -> None:
    (longer / "public.pem").unlink()
    files = sorted(path.name for path in longer.glob("*.jsonl"))
    assert "440785.jsonl" in files
    assert [each.where for each in broken(longer) or []] == [f"roots {name}" for name in files]


def test_every_five_minutes_the_job_signs_into_the_folder_outside(
    story: Story, tmp_path: Path, settings: Any
) -> None:
    settings.AUDIT_ROOTS = tmp_path / "outside"
    write_audit_roots(timestamp=0)
    assert broken(settings.AUDIT_ROOTS) == []
    assert settings.AUDIT_ROOTS.stat().st_mode & 0o777 == 0o700
    assert (settings.AUDIT_ROOTS / "440785.jsonl").exists()
