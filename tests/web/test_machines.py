"""Machines: a client is issued at a page, asks for a token as any OAuth library does, and is ended."""

import base64
import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from fengqiao.flows import machines as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.models import MachineClient, Stationing
from fengqiao.places.queries.machines import machine_of, page
from fengqiao.places.tasks import sweep_tokens
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
READ, WRITE = "matters:read", "matters:write"


@pytest.fixture
def county() -> SmallCounty:
    cache.clear()
    return small_county.build()


@pytest.fixture
def keeper(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.SECURITY_ADMINISTRATOR)


def post_of(county: SmallCounty, place: str = "county") -> Stationing:
    return county.stationings[str(Role.EXCHANGE), place]


def issued(county: SmallCounty, place: str = "county", scopes: tuple[str, ...] = (READ, WRITE)):
    return flow.issue(
        actor=county.actor(Role.SECURITY_ADMINISTRATOR, "city"),
        stationing_id=post_of(county, place).pk,
        name="信访系统",
        scopes=scopes,
    )


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def asked(client_id: str, secret: str, **changes: str):
    data = {"grant_type": "client_credentials"} | changes
    return Client().post("/oauth/token", data, headers=basic(client_id, secret))


def token_of(machine: MachineClient, secret: str, **changes: str) -> str:
    answer = asked(machine.client_id, secret, **changes)
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def audited(county: SmallCounty, verb: str) -> list[tuple[str, dict]]:
    with scope(county.actor(Role.AUDITOR, "city")):
        found = Entry.objects.filter(verb=verb).order_by("chain", "seq")
        return [(entry.result, entries.details_of(entry)) for entry in found]


def refused(bearer: str) -> tuple[int, str]:
    with pytest.raises(Refusal) as refusal:
        machine_of(bearer)
    return refusal.value.status, refusal.value.code


def test_a_client_is_issued_asks_for_a_token_and_acts_as_its_post(county, keeper):
    form = keeper.get(reverse("machine_issue"))
    assert str(post_of(county).pk) in form.content.decode()
    # Only the posts of the administrator's own division are offered.
    assert str(post_of(county, "other").pk) not in form.content.decode()
    data = {"name": "信访系统", "stationing_id": str(post_of(county).pk), "scopes": [READ]}
    answer = keeper.post(reverse("machine_issue"), data)
    made = MachineClient.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("machine", args=[made.pk]))
    shown = keeper.get(answer.headers["Location"]).content.decode()
    secret = unescape(re.search(r'data-copy="([^"]+)"', shown)[1])
    # Shown once, and kept nowhere.
    assert secret not in keeper.get(answer.headers["Location"]).content.decode()
    assert secret not in made.client.secret
    given = asked(made.client_id, secret)
    body = given.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, READ)
    assert given.headers["Cache-Control"] == "no-store"
    assert "refresh_token" not in body
    assert Token.objects.get().hash != body["access_token"]
    machine = machine_of(body["access_token"])
    assert (machine.id, machine.client_id, machine.name) == (made.pk, made.client_id, "信访系统")
    assert machine.scopes == {READ}
    assert machine.actor == county.actor(Role.EXCHANGE)
    with pytest.raises(NotAllowed) as lacking:
        machine.needs(WRITE)
    assert lacking.value.code == "scope_missing"
    machine.needs(READ)
    assert [result for result, _details in audited(county, "machine.issue")] == ["done"]
    assert audited(county, "machine.token") == [("done", {"scopes": [READ]})]
    assert "信访系统" in text_of(keeper.get(reverse("machines")))


def test_a_city_machine_reaches_its_counties(county):
    made, secret = issued(county, "city")
    assert machine_of(token_of(made, secret)).actor.counties == ("440700", "440783", "440785")


def test_a_token_may_ask_for_less_and_never_for_more(county):
    made, secret = issued(county, scopes=(READ,))
    assert asked(made.client_id, secret, scope=WRITE).json()["error"] == "invalid_scope"
    both, its_secret = issued(county)
    assert machine_of(token_of(both, its_secret, scope=READ)).scopes == {READ}


def test_the_secret_may_come_in_the_body(county):
    made, secret = issued(county)
    data = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": secret}
    assert Client().post("/oauth/token", data).status_code == 200


@pytest.mark.parametrize(
    ("client_id", "secret", "changes", "status", "error"),
    [
        ("", "wrong", {}, 401, "invalid_client"),
        ("nobody", "wrong", {}, 401, "invalid_client"),
        ("a\x00b", "wrong", {}, 401, "invalid_client"),
        ("x" * 5000, "wrong", {}, 401, "invalid_client"),
        ("", "", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (
            "",
            "",
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            400,
            "unsupported_grant_type",
        ),
        ("", "", {"resource": "not an address"}, 400, "invalid_target"),
    ],
)
def test_what_is_wrong_is_answered_as_the_standard_says(county, client_id, secret, changes, status, error):
    made, right = issued(county)
    answer = asked(client_id or made.client_id, secret or right, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert Token.objects.count() == 0


def test_a_wrong_secret_is_audited_where_the_county_reads_it(county):
    made, _secret = issued(county)
    asked(made.client_id, "guess")
    asked("nobody", "guess")
    assert audited(county, "machine.token") == [("refused", {"code": "invalid_client"})]


def test_who_asks_too_often_is_told_to_wait(county):
    for _each in range(60):
        assert Client().post("/oauth/token").status_code == 400
    answer = Client().post("/oauth/token")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_an_unknown_token_and_an_expired_one_are_told_apart(county):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    assert refused("nonsense") == (401, "token_unknown")
    assert refused("") == (401, "token_unknown")
    Token.objects.all()._raw_delete("default")
    assert refused(bearer) == (401, "token_unknown")


def test_an_expired_token_says_so_and_is_swept_a_day_later(county, monkeypatch):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=61))
    assert refused(bearer) == (401, "token_expired")
    sweep_tokens(0)
    assert refused(bearer) == (401, "token_expired")
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=26))
    sweep_tokens(0)
    assert refused(bearer) == (401, "token_unknown")


def test_an_ended_client_gets_no_token_and_its_tokens_open_nothing(county, keeper):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    answer = keeper.post(reverse("machine_end", args=[made.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("machine", args=[made.pk]))
    assert refused(bearer) == (401, "client_ended")
    assert asked(made.client_id, secret).json()["error"] == "invalid_client"
    assert "已停用" in text_of(keeper.get(reverse("machine", args=[made.pk])))
    again = keeper.post(reverse("machine_end", args=[made.pk]))
    assert (again.status_code, "已经停用" in text_of(again)) == (409, True)
    assert [result for result, _details in audited(county, "machine.end")] == ["done", "refused"]


def test_a_post_that_ended_or_has_not_begun_lets_no_machine_in(county):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    held = Stationing.objects.filter(pk=post_of(county).pk)
    held.update(valid_until=clock.today() - timedelta(days=1))
    assert refused(bearer) == (403, "post_ended")
    answer = asked(made.client_id, secret)
    assert (answer.status_code, answer.json()["error_description"]) == (401, "post_ended")
    held.update(valid_until=None, valid_from=clock.today() + timedelta(days=1))
    assert refused(bearer) == (403, "post_ended")
    held.update(valid_from=clock.today())
    assert machine_of(bearer).id == made.pk
    # Of the token that was taken back nothing is left.
    assert Token.objects.count() == 1


def test_a_machine_account_that_was_deactivated_lets_none_in(county):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    Person.objects.filter(pk=post_of(county).person_id).update(is_active=False)
    assert refused(bearer) == (401, "account_inactive")
    assert asked(made.client_id, secret).status_code == 401


def test_no_other_door_of_the_provider_is_open(county):
    for path in (
        "/identity/o/authorize",
        "/identity/o/device",
        "/identity/o/api/token",
        "/identity/o/api/userinfo",
        "/.well-known/openid-configuration",
        "/oauth/authorize",
        "/oauth/revoke",
    ):
        with pytest.raises(Resolver404):
            resolve(path)
    assert Client().get("/oauth/token").status_code == 405


def test_another_countys_administrator_neither_sees_nor_ends_it(county):
    made, _secret = issued(county)
    other = at_the_desk(county, Role.SECURITY_ADMINISTRATOR, "other")
    assert "信访系统" not in text_of(other.get(reverse("machines")))
    assert other.get(reverse("machine", args=[made.pk])).status_code == 403
    assert other.post(reverse("machine_end", args=[made.pk])).status_code == 403
    made.refresh_from_db()
    assert made.ended_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("matters:everything",)}, "scopes"),
        ({"stationing_id": None}, "stationing_id"),
        ({"stationing_id": "other"}, "stationing_id"),
        ({"stationing_id": "mediator"}, "stationing_id"),
    ],
)
def test_what_cannot_be_issued_is_refused_by_field_and_leaves_nothing(county, changes, field):
    posts = {"other": post_of(county, "other"), "mediator": county.stationings[str(Role.MEDIATOR), "county"]}
    asked_for = {"stationing_id": post_of(county).pk, "name": "信访系统", "scopes": (READ,)} | changes
    if asked_for["stationing_id"] in posts:
        asked_for["stationing_id"] = posts[asked_for["stationing_id"]].pk
    with pytest.raises(Invalid) as invalid:
        flow.issue(actor=county.actor(Role.SECURITY_ADMINISTRATOR), **asked_for)
    assert list(invalid.value.errors) == [field]
    assert (MachineClient.objects.count(), OAuthClient.objects.count()) == (0, 0)
    assert [result for result, _details in audited(county, "machine.issue")] == ["refused"]


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, Role.EXCHANGE])
def test_no_other_post_issues_or_ends(county, role):
    made, _secret = issued(county)
    actor = county.actor(role)
    with pytest.raises(NotAllowed):
        flow.issue(actor=actor, stationing_id=post_of(county).pk, name="x", scopes=(READ,))
    with pytest.raises(NotAllowed):
        flow.end(actor=actor, machine_id=made.pk)
    assert MachineClient.objects.filter(ended_at=None).count() == 1


def test_the_form_keeps_what_was_typed(county, keeper):
    answer = keeper.post(reverse("machine_issue"), {"name": "信访系统"})
    assert (answer.status_code, 'value="信访系统"' in answer.content.decode()) == (422, True)
    assert MachineClient.objects.count() == 0


def test_the_list_pages_and_costs_the_same(county, keeper, django_assert_num_queries):
    issued(county)
    with django_assert_num_queries(9):
        keeper.get(reverse("machines"))
    for _each in range(3):
        issued(county)
    actor = county.actor(Role.SECURITY_ADMINISTRATOR)
    first = page(actor, size=3)
    second = page(actor, cursor=first.next_cursor, size=3)
    assert (len(first.rows), len(second.rows), first.is_first, second.is_first) == (3, 1, True, False)
    assert len({row.pk for row in [*first.rows, *second.rows]}) == 4
    with django_assert_num_queries(9):
        keeper.get(reverse("machines"))


def test_a_token_costs_one_statement_to_know(county, django_assert_num_queries):
    made, secret = issued(county)
    bearer = token_of(made, secret)
    with django_assert_num_queries(1):
        machine_of(bearer)
