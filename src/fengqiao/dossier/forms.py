"""The forms of the dossier as described in data/forms.toml: their fields, and a form filled with facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper

DATA = Path(__file__).parent / "data"
FIELD = re.compile(r"\{\{ (\w+) \}\}")


@dataclass(frozen=True)
class Form:
    """One printed form; ``when`` names what a matter must have before the form is among its papers."""

    code: str
    number: str
    title: str
    when: str
    addressee: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signed: str = ""
    dated: str = ""

    def fields(self) -> list[str]:
        """The facts that the form asks for, each once, in the order in which they stand on it."""
        cells = [cell for _, cell in self.rows]
        around = (self.addressee, *self.paragraphs, *cells, *self.after, *self.closing)
        text = "\n".join((*around, self.signed, self.dated))
        return list(dict.fromkeys(FIELD.findall(text)))


@cache
def field_names() -> dict[str, str]:
    """Every fact that a form can ask for, with its Chinese name."""
    return dict(_described()["fields"])


def required_fields(form: Form) -> dict[str, tuple[str, ...]]:
    """The fields without which the form is not that paper, each with those that do as well; its number is one."""
    groups = [tuple(each.split("|")) for each in _described()["required"]]
    asked = form.fields()
    there = [(next((name for name in group if name in asked), ""), group) for group in groups]
    return {"number": ("number",)} | {name: group for name, group in there if name}


@cache
def forms() -> tuple[Form, ...]:
    """All forms in the order of the dossier."""
    return tuple(
        Form(**{name: _frozen(value) for name, value in form.items()}) for form in _described()["form"]
    )


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


# What the papers of people's mediation are called; those of another body have its word in this place.
PEOPLES = "人民调解"


def title_of(form: Form, kind: str) -> str:
    """The title of a form where this kind of body mediates (``kind_zh`` of mediation-bodies.csv)."""
    return form.title.replace(PEOPLES, kind)


@cache
def words_said(law: str) -> dict[str, str]:
    """The sentences that differ by which law stands behind them (``words`` of forms.toml)."""
    return dict(_described()["words"][law])


def filled(form: Form, *, matter_id: UUID, code: str, facts: Mapping[str, str]) -> Paper:
    """The form with the facts of one matter; what it does not have is a blank and is named in ``missing``."""
    names, asked = field_names(), form.fields()
    values = {name: facts.get(name, "") or BLANK for name in asked}

    def put(text: str) -> str:
        return FIELD.sub(lambda found: values[found[1]], text)

    return Paper(
        kind=PaperKind.FORM,
        reference=reference_of(matter_id, form.code),
        title=title_of(form, facts.get("kind") or PEOPLES),
        number=f"编号：{code}-卷{form.number}",
        addressee=put(form.addressee),
        paragraphs=tuple(map(put, form.paragraphs)),
        after=tuple(map(put, form.after)),
        rows=tuple((label, put(cell)) for label, cell in form.rows),
        signed_by=put(form.signed),
        dated=put(form.dated),
        closing=tuple(map(put, form.closing)),
        missing=tuple(names[name] for name in asked if not facts.get(name)),
        form=form.code,
        # All of them: a county's own template may ask for what the shipped form does not.
        facts=(
            ("number", f"编号：{code}-卷{form.number}"),
            *((name, facts.get(name, "") or BLANK) for name in names),
        ),
    )


def reference_of(matter_id: UUID, code: str) -> UUID:
    """How a form of a matter is named where something refers to it: the same whatever its words are."""
    return uuid5(matter_id, code)


def form_of(matter_id: UUID, reference: UUID) -> str:
    """The code of the form that is named so; nothing where it names no form."""
    return next((form.code for form in forms() if reference_of(matter_id, form.code) == reference), "")


def blank_form(form: Form) -> Paper:
    """The form with its fields unfilled: what its template is made from."""
    return Paper(
        kind=PaperKind.FORM,
        reference=UUID(int=0),
        title=title_of(form, "{{ kind }}"),
        number="{{ number }}",
        addressee=form.addressee,
        paragraphs=form.paragraphs,
        after=form.after,
        rows=form.rows,
        signed_by=form.signed,
        dated=form.dated,
        closing=form.closing,
    )


@cache
def _described() -> dict[str, Any]:
    return tomllib.loads((DATA / "forms.toml").read_text(encoding="utf-8"))
