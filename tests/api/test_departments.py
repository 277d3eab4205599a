"""Files and the acts of departments through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.api.actions import departments
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.files.domain.storing import path_of
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter, MatterFile
from tests.api.samples import OF_DEPARTMENTS
from tests.api.test_reading import MATTERS, broken
from tests.api.test_writing import now, post
from tests.files.samples import PDF
from tests.small_county import SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


@pytest.fixture
def registrar(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.REGISTRAR)


def test_every_act_has_its_address() -> None:
    assert set(departments.SHAPES) == set(AssignmentAction) == set(OF_DEPARTMENTS)


# --- files ---------------------------------------------------------------------------------------------------


def upload(
    client: Client, matter: Matter, name: str, content: bytes, *, key: str = "", version: int = 1
) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4()), "If-Match": f'"{version}"'}
    sent = {"file": SimpleUploadedFile(name, content), "purpose": "证据"}
    return client.post(f"{MATTERS}/{matter.code}/files", sent, headers=headers)


def test_a_file_is_added_once(county: SmallCounty, registrar: Client) -> None:
    matter, key = registered(county), str(uuid4())
    answers = [upload(registrar, matter, "工资条.pdf", PDF, key=key) for _n in range(2)]
    assert [(each.status_code, each.json()["version"]) for each in answers] == [(201, 2)] * 2
    (file,) = registrar.get(answers[0].headers["Location"]).json()["items"]
    assert (file["name"], file["purpose"], file["media_type"]) == ("工资条.pdf", "证据", "application/pdf")
    other = upload(registrar, matter, "工资条.pdf", PDF + b" ", key=key)
    assert broken(other) == [("Idempotency-Key", "key_used_otherwise")]


@pytest.mark.parametrize(
    ("name", "content", "flaw"),
    [
        ("a.exe", b"MZ" + bytes(100), "materials"),
        ("a.pdf", b"", "materials"),
        ("a.pdf", b"not a pdf", "materials"),
    ],
)
def test_a_file_that_is_not_taken(
    county: SmallCounty, registrar: Client, name: str, content: bytes, flaw: str
) -> None:
    matter = registered(county)
    assert broken(upload(registrar, matter, name, content)) == [(flaw, "invalid")]
    assert now(county, matter).version == 1


def test_a_form_that_is_none(county: SmallCounty, registrar: Client) -> None:
    address = f"{MATTERS}/{registered(county).code}/files"
    headers = {"Idempotency-Key": "k", "If-Match": '"1"'}
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; boundary=x",
    ):
        answer = registrar.post(address, b"--x\r\nnothing", content_type=kind, headers=headers)
        assert answer.status_code in (400, 422), (kind, answer.content)


def test_a_mistake_of_the_machine_is_told_without_its_trace(county: SmallCounty, registrar: Client) -> None:
    matter = registered(county)
    upload(registrar, matter, "工资条.pdf", PDF)
    (file,) = registrar.get(f"{MATTERS}/{matter.code}/files").json()["items"]
    with scope(county.actor(Role.REGISTRAR)):
        stored = MatterFile.objects.select_related("file").get(pk=file["id"]).file
    place = Path(default_storage.path(path_of(stored.county, stored.stored_as)))
    content = place.read_bytes()
    # A byte that is certainly another one: "x" would be the right one once in 256 times.
    place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    answer = registrar.get(f"{MATTERS}/{matter.code}/files/{file['id']}")
    assert broken(answer, 500) == [("", "trouble")]
    assert "Tampered" not in answer.content.decode()


# --- departments ---------------------------------------------------------------------------------------------


def test_a_department_does_its_part(county: SmallCounty) -> None:
    matter = brought_to(county, State.HANDLING)
    labour, dispatcher = at_the_desk(county, Role.HANDLER, "labour"), at_the_desk(county, Role.DISPATCHER)
    address = f"{MATTERS}/{matter.code}"
    dispatch = labour.get(f"{address}/dispatches").json()["items"][0]["id"]
    result = "厂方已付清两个月工资，工人签收。"
    way: list[tuple[Client, str, dict[str, Any]]] = [
        (labour, f"dispatches/{dispatch}/actions/check_in", {}),
        (labour, f"dispatches/{dispatch}/actions/progress", {"text": "已约谈厂方"}),
        (
            labour,
            f"dispatches/{dispatch}/actions/ask_extension",
            {"until": "2099-01-01", "reason": "外出调查"},
        ),
        (dispatcher, f"dispatches/{dispatch}/actions/decide_extension", {"approve": True}),
        (labour, f"dispatches/{dispatch}/actions/dispose", {"result": result}),
        (dispatcher, "actions/settle", {}),
    ]
    key = ""
    for client, action, sent in way:
        tag, key = client.get(address).headers["ETag"], str(uuid4())
        answers = [post(client, f"{address}/{action}", sent, key=key, If_Match=tag) for _n in range(2)]
        assert [each.status_code for each in answers] == [200, 200], answers[0].content.decode()
        assert answers[0].json() == answers[1].json()
    assert now(county, matter).state == "settled"
    (told,) = dispatcher.get(f"{address}/dispatches").json()["items"]
    assert (told["state"], told["reply_by"]) == ("disposed", "2099-01-01")


def test_a_department_names_what_is_wrong(county: SmallCounty) -> None:
    matter = brought_to(county, State.HANDLING)
    labour = at_the_desk(county, Role.HANDLER, "labour")
    address = f"{MATTERS}/{matter.code}/dispatches"
    dispatch = labour.get(address).json()["items"][0]["id"]

    def told(action: str, sent: Any, status: int, client: Client = labour) -> Any:
        tag = f'"{now(county, matter).version}"'
        return broken(post(client, f"{address}/{dispatch}/actions/{action}", sent, If_Match=tag), status)

    assert told("progress", {"text": ""}, 422) == [("text", "string_too_short")]
    assert told("decide_extension", {"approve": True}, 409) == [("", "no_extension")]
    evidence = {"reason": "不属职责", "basis": "三定方案", "file_id": str(uuid4())}
    assert told("ask_return", evidence, 422) == [("file_id", "not_offered")]
    dispatcher = at_the_desk(county, Role.DISPATCHER)
    assert told("check_in", {}, 403, dispatcher) == [("", "post_may_not")]
    elsewhere = {"uphold": True, "give_to": str(uuid4()), "grounds": "改由他人"}
    assert told("arbitrate", elsewhere, 422, dispatcher) == [("give_to", "not_offered")]
    other = post(labour, f"{address}/{uuid4()}/actions/check_in", {}, If_Match='"1"')
    assert broken(other, 404) == [("", "dispatch_not_found")]
