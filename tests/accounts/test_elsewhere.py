"""Signing in at a provider elsewhere: only who is known here, never more than they were, and all of it audited."""

from collections.abc import Iterator

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.elsewhere import Elsewhere, WronglySet, from_environment, providers_of
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries
from tests import small_county
from tests.accounts import provider as providers
from tests.accounts.provider import CLIENT, SECRET, Provider
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with providers.running() as running:
        set_up(settings, running)
        yield running


def set_up(settings, running: Provider, **changes: str) -> None:
    said = {
        "FENGQIAO_OIDC_SERVER": running.address,
        "FENGQIAO_OIDC_CLIENT": CLIENT,
        "FENGQIAO_OIDC_SECRET": SECRET,
        "FENGQIAO_OIDC_NAME": "省统一身份认证",
        "FENGQIAO_OIDC_CLAIM": "staff_name",
    }
    settings.SIGN_IN_ELSEWHERE = from_environment(said | changes)
    settings.SOCIALACCOUNT_PROVIDERS = providers_of(settings.SIGN_IN_ELSEWHERE)


def come_back(browser: Client, **data: str) -> str:
    """Through the button to the provider and back; the address that the browser is sent on to."""
    begun = browser.post(reverse("sign_in_elsewhere"), {"process": "login"} | data)
    assert begun.status_code == 302
    back = httpx.get(begun.headers["Location"]).headers["Location"]
    assert back.startswith("http://testserver/accounts/elsewhere/")
    arrived = browser.get(back.removeprefix("http://testserver"))
    assert arrived.status_code == 302, arrived.content.decode()
    return arrived.headers["Location"]


def signed_in(browser: Client) -> str:
    return browser.session.get("_auth_user_id", "")


def audited(county: SmallCounty) -> list[tuple[str, str]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb__startswith="person.").order_by("at", "seq")
        return [(e.verb, entries.details_of(e).get("code", "")) for e in found]


def test_the_sign_in_page_offers_it_only_where_it_is_set(provider, settings):
    page = Client().get(reverse("account_login"))
    assert "省统一身份认证" in text_of(page)
    assert f"form-action 'self' {provider.address};" in page.headers["Content-Security-Policy"]
    other = Client().get(reverse("account_reauthenticate"))
    assert provider.address not in other.headers["Content-Security-Policy"]
    settings.SIGN_IN_ELSEWHERE, settings.SOCIALACCOUNT_PROVIDERS = None, {}
    page = Client().get(reverse("account_login"))
    assert reverse("sign_in_elsewhere") not in page.content.decode()
    assert "form-action 'self';" in page.headers["Content-Security-Policy"]
    assert Client().post(reverse("sign_in_elsewhere")).status_code == 404


def test_who_is_known_here_is_linked_at_the_first_time_and_known_by_the_subject_then(county, provider):
    person = county.person(Role.REGISTRAR)
    provider.claims = {
        "sub": "4711",
        "staff_name": "County-Registrar",
        "email": "x@example.org",
        "name": "某某",
    }
    browser = Client()
    assert come_back(browser) == "/"
    assert signed_in(browser) == str(person.pk)
    account = SocialAccount.objects.get()
    # What the provider knows of somebody is not kept here.
    assert (account.user_id, account.uid, account.extra_data) == (person.pk, "4711", {})
    assert Person.objects.get(pk=person.pk).email == ""
    # Later the name may be another; the subject is the same person.
    provider.claims = {"sub": "4711", "staff_name": "somebody-renamed"}
    again = Client()
    come_back(again)
    assert signed_in(again) == str(person.pk)
    assert audited(county) == [("person.linked", ""), ("person.signed_in", ""), ("person.signed_in", "")]
    assert "登录（统一身份）" in text_of(at_the_desk(county, Role.AUDITOR).get(reverse("audit")))


def test_it_leads_on_to_the_page_that_was_wanted_and_to_no_other_host(county, provider):
    provider.claims = {"sub": "1", "staff_name": "county-registrar"}
    assert come_back(Client(), next="/ledger/") == "/ledger/"
    assert come_back(Client(), next="https://evil.example/") == "/"


REFUSED = {
    "nobody of that name": ({"sub": "1", "staff_name": "nobody"}, "unknown_elsewhere"),
    "no name at all": ({"sub": "1"}, "unknown_elsewhere"),
    "only the e-mail of somebody": ({"sub": "1", "email": "registrar@county.example"}, "unknown_elsewhere"),
    "a machine": ({"sub": "1", "staff_name": "machine"}, "machine"),
    "somebody who is shut out": ({"sub": "1", "staff_name": "shut-out"}, "inactive"),
    "the name of somebody who is linked": (
        {"sub": "2", "staff_name": "county-director"},
        "another_elsewhere",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_who_is_not_known_is_sent_back_and_nobody_is_made(county, provider, what):
    registrar = county.person(Role.REGISTRAR)
    Person.objects.filter(pk=registrar.pk).update(email="registrar@county.example")
    Person.objects.filter(pk=county.person(Role.EXCHANGE).pk).update(username="machine", is_machine=True)
    Person.objects.filter(pk=county.person(Role.MEDIATOR).pk).update(username="shut-out", is_active=False)
    SocialAccount.objects.create(user=county.person(Role.DIRECTOR), provider="elsewhere", uid="1-director")
    people, links = Person.objects.count(), SocialAccount.objects.count()
    provider.claims, reason = REFUSED[what]
    browser = Client()
    assert come_back(browser) == reverse("account_login")
    assert signed_in(browser) == ""
    assert "没有对应的账号" in text_of(browser.get(reverse("account_login")))
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, links)
    failures = [code for verb, code in audited(county) if verb == "person.sign_in_failed"]
    # Of nobody's name the chain without a county knows.
    assert failures == ([] if reason == "unknown_elsewhere" else [reason])


def test_a_linked_person_who_is_shut_out_stays_out(county, provider):
    person = county.person(Role.REGISTRAR)
    provider.claims = {"sub": "4711", "staff_name": person.username}
    come_back(Client())
    Person.objects.filter(pk=person.pk).update(is_active=False)
    browser = Client()
    assert come_back(browser) == reverse("account_login")
    assert signed_in(browser) == ""


BROKEN = {
    "another issuer": {"changes": {"iss": "https://elsewhere.example"}},
    "for another client": {"changes": {"aud": "somebody-else"}},
    "a token of yesterday": {"changes": {"exp": 1_600_000_000}},
    "signed with another key": {"signs_with": providers._key()},
    "the provider says no": {"error": "access_denied"},
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_believed_signs_nobody_in(county, provider, what):
    provider.claims = {"sub": "4711", "staff_name": "county-registrar"}
    for name, value in BROKEN[what].items():
        setattr(provider, name, value)
    browser = Client()
    assert come_back(browser) == reverse("account_login")
    assert signed_in(browser) == ""
    assert SocialAccount.objects.count() == 0
    assert "没有登录成功" in text_of(browser.get(reverse("account_login")))


def test_an_answer_that_this_browser_did_not_ask_for_is_not_taken(county, provider):
    """Somebody's link with their own code must not sign another browser in as them."""
    provider.claims = {"sub": "4711", "staff_name": "county-registrar"}
    begun = Client().post(reverse("sign_in_elsewhere"), {"process": "login"})
    back = httpx.get(begun.headers["Location"]).headers["Location"].removeprefix("http://testserver")
    victim = Client()
    assert victim.get(back).headers["Location"] == reverse("account_login")
    assert signed_in(victim) == ""


def test_a_provider_that_is_down_is_said_in_words(county, provider):
    provider.silent = True
    browser = Client()
    answer = browser.post(reverse("sign_in_elsewhere"), {"process": "login"})
    assert answer.headers["Location"] == reverse("account_login")
    assert "连不上" in text_of(browser.get(reverse("account_login")))


def test_nobody_links_a_provider_to_themselves_by_hand(county, provider):
    browser = Client()
    browser.force_login(county.person(Role.REGISTRAR))
    provider.claims = {"sub": "4711", "staff_name": "county-director"}
    come_back(browser, process="connect")
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("has_one", [True, False])
def test_the_second_factor_is_asked_for_all_the_same(county, provider, has_one):
    director = county.person(Role.DIRECTOR)
    if has_one:
        Authenticator.objects.create(user=director, type=Authenticator.Type.TOTP, data={})
    provider.claims = {"sub": "9", "staff_name": director.username, "amr": ["pwd", "mfa"]}
    browser = Client()
    came = come_back(browser)
    if has_one:
        assert (came, signed_in(browser)) == (reverse("mfa_authenticate"), "")
    else:
        assert browser.get(reverse("ledger")).headers["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"acr": "urn:two"}, True),
        ({"amr": ["pwd"]}, False),
        ({"acr": "mfa"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("has_one", [True, False])
def test_the_providers_word_for_it_is_taken_where_the_operator_says_so(
    county, provider, settings, said, is_taken, has_one
):
    set_up(settings, provider, FENGQIAO_OIDC_SECOND_FACTOR="amr:mfa, acr:urn:two")
    director = county.person(Role.DIRECTOR)
    if has_one:
        Authenticator.objects.create(user=director, type=Authenticator.Type.TOTP, data={})
    provider.claims = {"sub": "9", "staff_name": director.username} | said
    browser = Client()
    come_back(browser)
    opened = browser.get(reverse("ledger")).status_code == 200
    assert opened is is_taken
    # It was taken for this session, not for the person: a password asks for the factor as ever.
    other = Client()
    other.post(reverse("account_login"), {"login": director.username, "password": "pass-county-director"})
    assert other.get(reverse("ledger")).status_code == 302


def test_the_security_administrator_unlinks_and_the_next_time_links_anew(county, provider):
    person = county.person(Role.REGISTRAR)
    provider.claims = {"sub": "old", "staff_name": person.username}
    browser = Client()
    come_back(browser)
    keeper = at_the_desk(county, Role.SECURITY_ADMINISTRATOR)
    assert "解除统一身份绑定" in text_of(keeper.get(reverse("person", args=[person.pk])))
    assert keeper.post(reverse("person_care", args=[person.pk, "unlink"])).status_code == 302
    assert browser.get(reverse("ledger")).status_code == 302
    provider.claims = {"sub": "new", "staff_name": person.username}
    come_back(Client())
    assert [a.uid for a in SocialAccount.objects.all()] == ["new"]
    assert "解除统一身份绑定" not in text_of(
        keeper.get(reverse("person", args=[county.person(Role.MEDIATOR).pk]))
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"FENGQIAO_OIDC_SERVER": "https://id.example"}, "by halves"),
        ({"FENGQIAO_OIDC_SERVER": "http://id.example"}, "https"),
        ({"FENGQIAO_OIDC_SECOND_FACTOR": "mfa"}, "amr"),
    ],
)
def test_what_is_set_wrongly_is_said_at_start(said, wrong):
    whole = {
        "FENGQIAO_OIDC_SERVER": "https://id.example",
        "FENGQIAO_OIDC_CLIENT": "c",
        "FENGQIAO_OIDC_SECRET": "s",
    }
    with pytest.raises(WronglySet, match=wrong):
        from_environment(said if wrong == "by halves" else whole | said)
    assert from_environment({}) is None
    assert from_environment(whole) == Elsewhere(server="https://id.example", client="c", secret="s")
