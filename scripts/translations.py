"""The English catalogue: what is missing, filling it, compiling it, checking it.

    python scripts/translations.py missing          strings without an English sentence, as JSON
    python scripts/translations.py fill FILE.json   {string: English} into the catalogue, and compile;
                                                    with a context the key is "context|string"
    python scripts/translations.py check            fails on anything missing, obsolete or not compiled

Chinese is the source language (docs/adr/0004). Needs no gettext on the machine.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import polib
from django.conf import settings
from django.template import Engine
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "src" / "fengqiao"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy"}
PLURAL_CALLS = {"ngettext", "ngettext_lazy"}
CONTEXT_CALLS = {"pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|%%")

Key = tuple[str, str, str]  # context, string, plural


def from_python(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in CALLS and texts:
            yield "", texts[0], ""
        elif name in PLURAL_CALLS and len(texts) >= 2:
            yield "", texts[0], texts[1]
        elif name in CONTEXT_CALLS and len(texts) >= 2:
            yield texts[0], texts[1], ""


def from_template(path: Path, engine: Engine) -> Iterator[Key]:
    template = engine.from_string(path.read_text(encoding="utf-8"))
    for node in _nodes(template.nodelist):
        if isinstance(node, TranslateNode):
            text = node.filter_expression.var
            context = str(node.message_context.var) if node.message_context else ""
            # A literal keeps its text beside the lazy translation that it would become.
            literal = getattr(text, "literal", text)
            if isinstance(literal, str):
                yield context, literal, ""
        elif isinstance(node, BlockTranslateNode):
            context = str(node.message_context.var) if node.message_context else ""
            singular, _ = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            if node.trimmed:
                singular, plural = _trimmed(singular), _trimmed(plural)
            yield context, singular, plural


def _trimmed(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _nodes(nodelist: object) -> Iterator[Node]:
    for node in nodelist:  # type: ignore[attr-defined]
        yield node
        for name in getattr(node, "child_nodelists", ()):
            yield from _nodes(getattr(node, name, None) or [])
        for _, branch in getattr(node, "conditions_nodelists", []):
            yield from _nodes(branch)


def wanted() -> dict[Key, list[str]]:
    """Every string of the screen with the files it stands in."""
    engine = Engine.get_default()
    found: dict[Key, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for key in from_python(path):
            found.setdefault(key, []).append(str(path.relative_to(PROJECT)))
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for key in from_template(path, engine):
            found.setdefault(key, []).append(str(path.relative_to(PROJECT)))
    return {key: sorted(set(paths)) for key, paths in found.items() if key[1].strip()}


def catalogue() -> polib.POFile:
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=0)
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return po


def known(po: polib.POFile) -> dict[Key, polib.POEntry]:
    return {(e.msgctxt or "", e.msgid, e.msgid_plural or ""): e for e in po if not e.obsolete}


def complete(entry: polib.POEntry | None) -> bool:
    if entry is None:
        return False
    if entry.msgid_plural:
        return len(entry.msgstr_plural) == 2 and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def missing() -> list[Key]:
    have = known(catalogue())
    return [key for key in wanted() if not complete(have.get(key))]


def fill(path: Path) -> None:
    """Takes {string: English} (plural: [one, other]); drops what no page uses any more."""
    english: dict[str, str | list[str]] = json.loads(path.read_text(encoding="utf-8") or "{}")
    have = known(catalogue())
    po = catalogue()
    po.clear()
    for key, places in wanted().items():
        context, text, plural = key
        entry = have.get(key) or polib.POEntry(msgid=text, msgctxt=context or None, msgid_plural=plural or "")
        # The same word may need another English word where it stands in a context of its own.
        said = english.get(f"{context}|{text}" if context else text)
        if said is not None and plural:
            one, other = said if isinstance(said, list) else (said, said)
            entry.msgstr_plural = {0: one, 1: other}
        elif isinstance(said, str):
            entry.msgstr = said
        entry.occurrences = [(place, "") for place in places]
        po.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(CATALOGUE))
    po.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def check() -> list[str]:
    problems = [f"no English: {key[1]}" for key in missing()]
    po = catalogue()
    needed = wanted()
    problems += [f"obsolete: {key[1]}" for key in known(po) if key not in needed]
    for entry in po:
        for said in [entry.msgstr] if not entry.msgid_plural else entry.msgstr_plural.values():
            if said and sorted(set(PLACEHOLDER.findall(said))) != sorted(
                set(PLACEHOLDER.findall(entry.msgid))
            ):
                problems.append(f"placeholders differ: {entry.msgid}")
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != po.to_binary():
        problems.append(
            "not compiled from this catalogue: run `python scripts/translations.py fill /dev/null`"
        )
    return problems


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(PROJECT / "src"))
    if not settings.configured:
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.config.settings")
        django.setup()
    what = arguments[0] if arguments else ""
    if what == "missing":
        found = [{"text": text, "plural": plural, "context": context} for context, text, plural in missing()]
        print(json.dumps(found, ensure_ascii=False, indent=0))
        return 0
    if what == "fill":
        source = Path(arguments[1])
        fill(source)
        return 0
    if what == "check":
        problems = check()
        for problem in problems:
            print(problem)
        print(f"translations: {len(wanted())} strings, {len(problems)} problem(s)")
        return 1 if problems else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
