"""Notices outside the program: by a real mail server and a messenger, without a word of anybody."""

from __future__ import annotations

import email
import http.server
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as current
from django.db import connection

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.config.environment import MailServer, mail
from fengqiao.config.supervisor import free_port
from fengqiao.flows import notices as flow
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.kernel.keyring_file import add_key
from fengqiao.matters.domain import sight
from fengqiao.notices.domain import passing_on, reading
from fengqiao.notices.models import Reaching
from fengqiao.notices.queries.inbox import notices_of
from fengqiao.notices.queries.reaching import Choices, choices_of, reaching_of
from tests.dispatch.hands import LABOUR, dispatched, return_asked
from tests.dispatch.test_whistling import blown
from tests.matters.ground import act
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = [
    pytest.mark.django_db,
    # Of Apprise's own plugins, some of which nobody uses here.
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
# Half past ten at night in 恩平, and the next morning.
NIGHT = datetime(2026, 9, 3, 14, 30, tzinfo=UTC)
MORNING = datetime(2026, 9, 3, 23, 5, tzinfo=UTC)
ADDRESS = "labour@enping.example"


class Kept:
    """What the mail server took in."""

    def __init__(self) -> None:
        self.all: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.all.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def letters(settings) -> Iterator[list[Any]]:
    """A mail server on this machine, and what comes to it."""
    kept = Kept()
    port = free_port("127.0.0.1", 25_000 + os.getpid() % 9_000)
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAIL = MailServer("smtp", "127.0.0.1", port, "", "")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.ADDRESS, settings.MAIL_DOMAIN = "https://desk.example", "desk.example"
    yield kept.all
    server.stop()


@pytest.fixture
def posted(settings) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A messenger on this machine: Apprise's address of it, and what was posted."""
    found: list[dict[str, Any]] = []

    class Takes(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  the library's name
            found.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Takes)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    settings.APPRISE_SERVICES = frozenset({"json"})
    yield f"json://127.0.0.1:{server.server_port}/", found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings) -> None:
    if not Path(settings.KEYRING).exists():
        settings.KEYRING = tmp_path / "keyring.json"
        add_key(settings.KEYRING)


def chosen(
    county: SmallCounty,
    at: datetime = NIGHT - timedelta(hours=1),
    who: tuple[Role, str] = LABOUR,
    **choices: Any,
) -> None:
    with clock.at(at):
        flow.choose(actor=county.actor(*who), choices=Choices(**({"mail": ADDRESS} | choices)))


def passed(county: SmallCounty, at: datetime) -> int:
    """What the sweep and its jobs do at a moment."""
    with clock.at(at):
        return sum(passing_on.pass_on(person_id=who, county=where) for who, where in passing_on.whose())


def test_a_letter_has_the_kind_the_code_and_the_way_and_nothing_else(county: SmallCounty, letters: list[Any]):
    chosen(county)
    with clock.at(NIGHT):
        matter = dispatched(county)
    assert passed(county, NIGHT) == 1
    (letter,) = letters
    with scope(county.actor(*LABOUR)) as actor:
        notice = notices_of(actor).get()
    assert letter["To"] == ADDRESS
    assert letter["Message-ID"].strip() == f"<notice-{notice.pk}@desk.example>"
    assert letter["Subject"] == "枫桥：有事项交办给本单位"
    text = letter.get_content().strip().replace("\r", "")
    assert text == f"有事项交办给本单位\n{matter.code}\nhttps://desk.example/notices/{notice.pk}"
    # Once: it was passed on.
    assert passed(county, NIGHT) == 0 == passed(county, MORNING)
    assert len(letters) == 1


def test_a_restricted_matter_is_named_by_no_code(county: SmallCounty, letters: list[Any]):
    chosen(county, who=(Role.DIRECTOR, "county"))
    with clock.at(NIGHT):
        matter, _lead = return_asked(county)
        act(county, Role.DIRECTOR, sight.restrict_later, matter_id=matter.pk, reason="当事人请求保密")
    assert passed(county, NIGHT) == 1
    (letter,) = letters
    assert letter["Subject"] == "枫桥：部门申请退回，等裁定"
    assert matter.code not in letter.get_content()


def test_quiet_hours_hold_what_is_routine_and_not_what_is_urgent(county: SmallCounty, letters: list[Any]):
    chosen(county, quiet_from=time(22), quiet_until=time(7))
    with clock.at(NIGHT):
        dispatched(county)
        blown(county)
    assert passed(county, NIGHT) == 1
    assert [each["Subject"] for each in letters] == ["枫桥：中心吹哨，请马上应哨"]
    # It is not looked at again before they end.
    with clock.at(NIGHT + timedelta(hours=2)):
        assert passing_on.whose() == []
    assert passed(county, MORNING) == 1
    assert letters[1]["Subject"] == "枫桥：有事项交办给本单位"


def test_a_digest_comes_once_a_day(county: SmallCounty, letters: list[Any]):
    chosen(county, digest_at=time(7))
    with clock.at(NIGHT):
        for _ in range(3):
            dispatched(county)
    assert passed(county, NIGHT) == 0
    assert passed(county, MORNING) == 3
    (letter,) = letters
    assert letter["Subject"] == "枫桥：今天的通知：3 条"
    mark = letter["Message-ID"].strip()
    assert mark.startswith("<digest-") and mark.endswith("-2026-09-04@desk.example>")
    with clock.at(MORNING):
        dispatched(county)
    assert passed(county, MORNING + timedelta(minutes=5)) == 0
    assert passed(county, MORNING + timedelta(days=1)) == 1


def test_what_is_not_wanted_or_was_read_is_not_sent(county: SmallCounty, letters: list[Any]):
    chosen(county, unwanted=("dispatched", "whistled"))
    with clock.at(NIGHT):
        dispatched(county)
        blown(county)
    # A whistle is heard whatever was chosen.
    assert passed(county, NIGHT) == 1
    assert letters[0]["Subject"] == "枫桥：中心吹哨，请马上应哨"
    chosen(county)
    with clock.at(NIGHT), scope(county.actor(*LABOUR)) as actor:
        dispatched(county)
        reading.read_all(actor=actor, newest=notices_of(actor)[0].pk)
    assert passed(county, NIGHT) == 0


def test_what_came_before_one_chose_is_not_sent(county: SmallCounty, letters: list[Any]):
    with clock.at(NIGHT):
        dispatched(county)
    chosen(county, at=NIGHT + timedelta(minutes=1))
    assert passed(county, NIGHT + timedelta(minutes=2)) == 0
    assert letters == []


def test_a_server_that_is_away_is_asked_again_with_the_same_id(county: SmallCounty, letters, settings):
    chosen(county)
    with clock.at(NIGHT):
        dispatched(county)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert passed(county, NIGHT) == 0
    with scope(county.actor(*LABOUR)) as actor:
        assert reaching_of(actor).failed_at == NIGHT
        assert notices_of(actor).get().passed_on_at is None
    settings.EMAIL_PORT = there
    assert passed(county, NIGHT + timedelta(minutes=1)) == 0
    assert passed(county, NIGHT + timedelta(minutes=11)) == 1
    # A worker that died before it wrote that down: again, and the receiver can tell.
    with scope(county.actor(*LABOUR)) as actor:
        notices_of(actor).update(passed_on_at=None)
    assert passed(county, NIGHT + timedelta(minutes=12)) == 1
    first, again = letters
    assert first["Message-ID"] == again["Message-ID"]


def test_a_messenger_is_told_the_same(county: SmallCounty, letters: list[Any], posted):
    address, found = posted
    chosen(county, mail="", service=address)
    with clock.at(NIGHT):
        matter = dispatched(county)
    assert passed(county, NIGHT) == 1
    (told,) = found
    assert told["title"] == "枫桥：有事项交办给本单位"
    assert matter.code in told["message"] and matter.title not in told["message"]
    assert letters == []


def test_only_services_that_the_operator_lets_people_use(county: SmallCounty, letters: list[Any]):
    assert {"wecombot", "dingtalk", "feishu"} == current.APPRISE_SERVICES
    for address in ("json://10.0.0.1/", "mailto://a:b@example.com", "wecombot://", "x", "file:///etc/passwd"):
        with pytest.raises(Invalid):
            chosen(county, service=address)
    with scope(county.actor(*LABOUR)) as actor:
        assert reaching_of(actor) is None
    chosen(county, service="wecombot://12345678-1234-1234-1234-123456789012")


def test_addresses_are_encrypted_and_nobody_elses(county: SmallCounty, letters: list[Any]):
    chosen(county)
    with scope(county.actor(*LABOUR)) as actor:
        row = reaching_of(actor)
        assert ADDRESS.encode() not in bytes(row.mail)
        assert crypto.key_of(bytes(row.mail))
        assert choices_of(row).mail == ADDRESS
    for who in (Role.DIRECTOR, Role.SECURITY_ADMINISTRATOR):
        with scope(county.actor(who)):
            assert not Reaching.objects.exists()
    with scope(county.actor(Role.AUDITOR)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE verb = 'reaching.choose'")
        assert cursor.fetchone() == (1,)


def test_who_is_told_nothing_has_nothing_to_choose(county: SmallCounty):
    for role in (Role.EXCHANGE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            flow.choose(actor=county.actor(role), choices=Choices())
        assert at_the_desk(county, role).get("/notices/outside").status_code == 403


def test_the_page(county: SmallCounty, letters: list[Any]):
    desk = at_the_desk(county, *LABOUR)
    way = "/notices/outside"
    assert way in desk.get("/notices/").content.decode()
    asked = {"mail": ADDRESS, "kinds": ["dispatched"], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert desk.post(way, asked).status_code == 302
    with scope(county.actor(*LABOUR)) as actor:
        kept = choices_of(reaching_of(actor))
    assert (kept.quiet_from, kept.quiet_until, kept.digest_at) == (time(22), time(7), None)
    assert "dispatched" not in kept.unwanted and "whistled" not in kept.unwanted
    assert ADDRESS in desk.get(way).content.decode()
    wrong = desk.post(way, {"mail": "x", "quiet_from": "22:00"})
    assert wrong.status_code == 422
    half = desk.post(way, {"quiet_from": "22:00"})
    assert half.status_code == 422 and "免打扰要写起止两个时间。" in text_of(half)
    with scope(county.actor(*LABOUR)) as actor:
        assert choices_of(reaching_of(actor)) == kept


def test_a_program_reads_and_changes_its_persons_choices(county: SmallCounty, letters: list[Any]):
    desk, way = at_the_desk(county, *LABOUR), "/api/v1/notices/choices"
    nothing = {"mail": "", "service": "", "unwanted": []}
    nothing |= dict.fromkeys(("quiet_from", "quiet_until", "digest_at"))
    assert desk.get(way).json() == nothing
    asked = {"mail": ADDRESS, "unwanted": ["dispatched"], "quiet_from": 22, "quiet_until": 7}
    for _n in range(2):
        answer = desk.put(way, asked, content_type="application/json")
        assert (answer.status_code, answer.json()) == (200, nothing | asked)
    for wrong, field in (
        ({"mail": "x"}, "mail"),
        ({"quiet_from": 22}, "quiet_until"),
        ({"quiet_from": 24, "quiet_until": 7}, "quiet_from"),
        ({"unwanted": ["whistled"]}, "unwanted"),
        ({"service": "ftp://nobody"}, "service"),
    ):
        refused = desk.put(way, wrong, content_type="application/json")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert desk.get(way).json() == nothing | asked
    # Nobody else's: a colleague in another post has chosen nothing.
    assert at_the_desk(county, Role.DIRECTOR).get(way).json() == nothing


def test_the_address_of_a_mail_server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FENGQIAO_MAIL", "smtp+starttls://desk:a%40b@mail.example")
    assert mail() == MailServer("smtp+starttls", "mail.example", 587, "desk", "a@b")
    monkeypatch.setenv("FENGQIAO_MAIL", "mail.example")
    with pytest.raises(ValueError, match="FENGQIAO_MAIL"):
        mail()
