"""The API keeps to its document: a walk along its links (every address, as three posts and a machine: tests/prove)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.api.document import document
from fengqiao.api.shapes import Shape, Told
from fengqiao.matters.enums import State
from tests import template_database
from tests.api.contract import opened, walk
from tests.small_county import SmallCounty, brought_to, build, registered


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCounty]:
    """Committed, as the requests are: each comes with a transaction of its own."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FENGQIAO_API_RATE", "1000000")
        made = build()
        for state in (State.ACCEPTED, State.ROUTING, State.HANDLING, State.EVALUATED):
            brought_to(made, state)
        registered(made, confidential=True)
        yield made
        template_database.copy_template()


def test_the_links_of_the_document_lead_on(county: SmallCounty) -> None:
    walk(opened(county, Role.REGISTRAR), walks=2, steps=6)


def test_the_document_names_every_answer_by_a_shape() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403", "422", "429", "503"} <= set(operation["responses"]), path
            assert operation["security"][0] == {"session": []}, path
            # A notice that is read twice is read: it needs no key.
            writes = method == "post" and not path.endswith(("/search", "/preview", "/read"))
            named = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
            assert ("Idempotency-Key" in named) == writes, path


def test_no_two_shapes_have_one_name() -> None:
    """The document keeps one shape for a name: of two with the same, the other would be told wrongly."""

    def below(shape: type) -> Iterator[type]:
        for each in shape.__subclasses__():
            yield each
            yield from below(each)

    document()
    names = Counter(each.__name__ for base in (Shape, Told) for each in set(below(base)))
    assert [name for name, times in names.items() if times > 1] == []
