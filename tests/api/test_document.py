"""What the API tells of itself: as a document, by the command, and as a page that loads nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from fengqiao.api.docs import groups, shapes
from fengqiao.api.document import document
from fengqiao.api.words import TITLES


def test_the_command_prints_what_is_served(db: None) -> None:
    out = StringIO()
    call_command("openapi", stdout=out)
    served = Client().get("/api/v1/openapi.json").json()
    assert json.loads(out.getvalue()) == served == json.loads(json.dumps(document()))
    assert served["openapi"] == "3.1.0"


def test_the_document_refers_only_to_what_is_in_it() -> None:
    text = json.dumps(document())
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document()["components"]["schemas"]
    for name in set(re.findall(r'"#/components/responses/([^"]+)"', text)):
        assert name in document()["components"]["responses"]


def _free_words(schema: Any, place: str, known: set[str]) -> Iterator[str]:
    """Strings of what is sent whose pattern leaves in what the database does not keep."""
    if "$ref" in schema:
        place = schema["$ref"].rpartition("/")[2]
        if place not in known:
            known.add(place)
            yield from _free_words(document()["components"]["schemas"][place], place, known)
        return
    told = {"pattern", "enum", "const", "format"} & set(schema)
    if schema.get("type") == "string" and (not told or re.search(schema.get("pattern", "$."), "\0")):
        yield place
    items = [schema["items"]] if "items" in schema else []
    ways = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    # A figure may be written as words; they are read as a figure.
    is_figure = any(each.get("type") == "number" for each in ways)
    for each in () if is_figure else (*ways, *items):
        yield from _free_words(each, place, known)
    for name, each in schema.get("properties", {}).items():
        yield from _free_words(each, f"{place}.{name}", known)


def test_no_words_are_taken_that_the_database_does_not_keep() -> None:
    known: set[str] = set()
    free = {
        place
        for methods in document()["paths"].values()
        for operation in methods.values()
        for sent in operation.get("requestBody", {}).get("content", {}).values()
        for place in _free_words(sent["schema"], operation["operationId"], known)
    }
    assert sorted(free) == []


@pytest.fixture
def page(db: None) -> str:
    answer = Client().get("/api/v1/docs")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    return answer.content.decode()


def test_the_page_shows_every_address_and_every_shape(page: str) -> None:
    operations = [each for group in groups() for each in group.operations]
    assert len(operations) == sum(len(methods) for methods in document()["paths"].values())
    for each in operations:
        assert f'id="{each.name}"' in page
    for shape in shapes():
        assert f'id="shape-{shape.name}"' in page


def test_every_link_of_the_page_leads_somewhere_in_it(page: str) -> None:
    places = set(re.findall(r'id="([^"]+)"', page))
    assert {each for each in re.findall(r'href="#([^"]*)"', page) if each not in places} == set()


def test_the_type_of_a_problem_is_explained_on_the_page(page: str) -> None:
    assert {f"problem-{status}" for status in TITLES} <= set(re.findall(r'id="([^"]+)"', page))


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []
    assert "<style" not in page and not re.search(r"<script(?![^>]*\ssrc=)", page)
