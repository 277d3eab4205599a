"""The history of a matter: a chain over exact bytes, sentences beside it, nothing rewritten."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import chain, clock
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain import history
from fengqiao.matters.domain.settling import reopen
from fengqiao.matters.enums import State
from fengqiao.matters.models import HistoryEvent, Matter, Word
from fengqiao.matters.queries.record import record_of
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from tests.matters.ground import EVERYWHERE, act, fresh, told
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered


def events(matter: Matter) -> list[HistoryEvent]:
    with scope(EVERYWHERE):
        return list(HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq"))


def test_a_matter_walks_the_whole_way(county: SmallCounty):
    """Six steps, five posts and a department: each says what it did, in order."""
    matter = brought_to(county, State.ARCHIVED)
    assert told(matter) == [
        "matter.registered",
        "matter.accept",
        "matter.skip_mediation.refused",
        "matter.assess",
        "matter.route",
        "matter.dispatch",
        "dispatch.check_in",
        "dispatch.dispose",
        "matter.settle",
        "matter.return_visit.reached",
        "matter.evaluate",
        "matter.close",
        "matter.archive",
    ]
    roles = [json.loads(bytes(e.content))["role"] for e in events(matter)]
    assert roles == [
        "registrar", "registrar", "registrar", "dispatcher", "dispatcher", "dispatcher", "handler", "handler",
        "dispatcher", "registrar", "dispatcher", "director", "director",
    ]  # fmt: skip


def test_each_event_is_a_link_over_the_one_before(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    before = chain.START
    for place, event in enumerate(events(matter), start=1):
        assert event.seq == place
        assert bytes(event.previous) == before
        assert bytes(event.hash) == sm3(before + bytes(event.content))
        before = bytes(event.hash)
    now = fresh(county, matter)
    assert (now.history_count, bytes(now.history_head)) == (place, before)


def test_the_exact_bytes_say_what_the_columns_say(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    event = events(matter)[-1]
    assert json.loads(bytes(event.content)) == {
        "v": 1,
        "matter": str(matter.pk),
        "county": "440785",
        "seq": 4,
        "type": "matter.assess",
        "at": event.at.isoformat(),
        "person": str(county.person(Role.DISPATCHER).id),
        "post": str(county.stationings[("dispatcher", "county")].post_id),
        "role": "dispatcher",
        "parameters": {
            "from": "assessing",
            "to": "routing",
            "level": "medium",
            "rule": {
                "table": "risk",
                "version": shipped(TableKind.RISK).version,
                "row": "R12",
                "overridden": False,
            },
            # What the officer may leave unsaid is not made up: no tier. A direct report is asked about always.
            "report": {
                "table": "report",
                "version": shipped(TableKind.REPORT).version,
                "row": "D99",
                "due": "not_due",
            },
        },
        "words": json.loads(bytes(event.content))["words"],
    }


def test_the_chain_holds_the_salted_digest_of_what_was_written(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    event = events(matter)[-1]
    with scope(EVERYWHERE):
        [word] = Word.objects.filter(matter_id=matter.pk, seq=event.seq)
    said = json.loads(bytes(event.content))["words"]
    assert said == {"grounds": sm3(bytes(word.salt), word.text.encode()).hex()}
    assert word.text.encode() not in bytes(event.content)


def test_the_same_words_never_have_the_same_digest(county: SmallCounty):
    """Without the salt a short reason could be guessed from its digest."""
    digests = set()
    for _ in range(2):
        matter = brought_to(county, State.ASSESSING)
        digests.add(str(json.loads(bytes(events(matter)[-1].content))["words"]))
    assert len(digests) == 2


def test_the_page_says_whether_the_chain_holds(county: SmallCounty):
    matter = fresh(county, brought_to(county, State.ROUTING))
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        assert record_of(director, matter).chain_holds
        Matter.objects.filter(pk=matter.pk).update(history_count=matter.history_count + 1)
        matter.refresh_from_db()
        assert not record_of(director, matter).chain_holds


def test_no_event_is_changed_or_removed_by_the_applications_role(county: SmallCounty):
    matter = registered(county)
    with scope(county.actor(Role.DIRECTOR)):
        for rewrite in (
            lambda: HistoryEvent.objects.filter(matter_id=matter.pk).update(type="matter.close"),
            lambda: HistoryEvent.objects.filter(matter_id=matter.pk).delete(),
            lambda: Word.objects.filter(matter_id=matter.pk).update(text="改写"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                rewrite()
    assert told(matter) == ["matter.registered"]


def test_an_empty_sentence_is_not_kept(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    act(county, Role.DIRECTOR, reopen, matter, reason="又停发工资", new_facts="  ")
    with scope(EVERYWHERE):
        kinds = list(Word.objects.filter(matter_id=matter.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds[-1] == "reason"
    assert json.loads(bytes(events(matter)[-1].content))["words"].keys() == {"reason"}


def test_the_moment_is_the_domains(county: SmallCounty):
    with clock.at(AN_EVENING):
        matter = registered(county)
    assert [e.at for e in events(matter)] == [AN_EVENING]
    assert history.VERSION == 1
