"""People's access: the verbs of the security administrator, the lock after failures, what lies encrypted."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fengqiao.accounts import policies
from fengqiao.accounts.domain import lockout, people
from fengqiao.accounts.enums import ADMINISTRATORS, LEADERS, Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.tasks import clear_sessions
from fengqiao.kernel.crypto import Tampered
from fengqiao.kernel.errors import NotAllowed
from fengqiao.places.enums import DepartmentKind
from tests import small_county
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db

VERBS = [
    people.deactivate,
    people.reactivate,
    people.reset_second_factor,
    people.set_first_password,
    people.unlock,
]


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def fail(login: str, times: int = 5) -> None:
    browser = Client()
    for _time in range(times):
        browser.post("/accounts/login/", {"login": login, "password": "guessed"})


# --- policies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        ("", ADMINISTRATORS | LEADERS | {Role.COMMISSION}),
        ("all", set(Role)),
        ("none", set()),
        ("registrar, mediator", {Role.REGISTRAR, Role.MEDIATOR}),
    ],
)
def test_the_operator_says_which_posts_need_a_second_factor(monkeypatch, said, roles):
    monkeypatch.setenv("FENGQIAO_SECOND_FACTOR", said)
    assert policies.second_factor_roles() == roles


def test_a_misspelt_role_stops_the_program_rather_than_opening_it(monkeypatch):
    monkeypatch.setenv("FENGQIAO_SECOND_FACTOR", "director,auditors")
    with pytest.raises(ValueError, match="auditors"):
        policies.second_factor_roles()


def test_the_works_of_the_three_administrators_do_not_meet(county):
    may = (policies.may_read_audit, policies.may_keep_places, policies.may_keep_people)
    held = {}
    for role in Role:
        actor = county.actor(role, DepartmentKind.LABOUR if role is Role.HANDLER else "county")
        held[role] = [each.__name__ for each in may if each(actor)]
    assert held == dict.fromkeys(Role, []) | {
        Role.AUDITOR: ["may_read_audit"],
        Role.SYSTEM_ADMINISTRATOR: ["may_keep_places"],
        Role.SECURITY_ADMINISTRATOR: ["may_keep_people"],
    }


# --- verbs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMINISTRATOR}))
def test_the_verbs_refuse_every_other_post_by_themselves(county, verb, role):
    person = county.person(Role.MEDIATOR)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    actor = county.actor(role, DepartmentKind.LABOUR if role == Role.HANDLER else "county")
    with pytest.raises(NotAllowed) as refused:
        verb(actor=actor, person_id=person.pk)
    assert refused.value.code == "post_may_not_keep_people"
    after = Person.objects.get(pk=person.pk)
    assert (after.password, after.is_active, after.session_epoch) == (person.password, True, 0)
    assert Authenticator.objects.filter(user=person).count() == 1


def test_no_two_first_passwords_are_alike_and_none_breaks_the_rules(county):
    person, actor = county.person(Role.MEDIATOR), county.actor(Role.SECURITY_ADMINISTRATOR)
    given = [people.set_first_password(actor=actor, person_id=person.pk) for _each in range(20)]
    assert len(set(given)) == 20
    for password in given:
        validate_password(password, person)
        # What is read out over a telephone has no letters that are taken for others.
        assert set(password) <= set(people.EASY_LETTERS) | {"-"}
    assert not set("01ilo") & set(people.EASY_LETTERS)


def test_a_session_carries_the_epoch_and_the_password(county):
    person = county.person(Role.MEDIATOR)
    at_first = person.get_session_auth_hash()
    person.session_epoch += 1
    at_next_epoch = person.get_session_auth_hash()
    person.session_epoch -= 1
    assert person.get_session_auth_hash() == at_first
    person.set_password("another-one-entirely")
    assert len({at_first, at_next_epoch, person.get_session_auth_hash()}) == 3


# --- the lock ------------------------------------------------------------------------------------------------


def test_five_failures_lock_four_do_not(county):
    fail("county-mediator", 4)
    fail("county-registrar", 5)
    everybody = list(Person.objects.filter(username__startswith="county-"))
    assert lockout.locked(everybody) == {county.person(Role.REGISTRAR).pk}


def test_asking_who_is_locked_costs_one_statement_however_many(county):
    everybody = list(Person.objects.all())
    assert len(everybody) > 60
    with CaptureQueriesContext(connection) as captured:
        assert lockout.locked(everybody) == set()
    assert len(captured) == 1


def test_unlocking_one_leaves_the_other_locked(county):
    for login in ("county-mediator", "county-registrar"):
        fail(login)
    actor = county.actor(Role.SECURITY_ADMINISTRATOR)
    people.unlock(actor=actor, person_id=county.person(Role.MEDIATOR).pk)
    both = [county.person(Role.MEDIATOR), county.person(Role.REGISTRAR)]
    assert lockout.locked(both) == {county.person(Role.REGISTRAR).pk}


def test_made_up_names_do_not_push_a_lock_out_of_the_cache(county):
    fail("county-registrar")
    for number in range(400):
        cache.set(f"allauth:rl:allauth.account:login_failed:made-up:{number}", [0.0], 900)
    assert lockout.locked([county.person(Role.REGISTRAR)]) == {county.person(Role.REGISTRAR).pk}


# --- secrets and sessions at rest ----------------------------------------------------------------------------


def test_a_secret_that_was_changed_in_the_database_is_noticed():
    adapter = get_adapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    assert adapter.encrypt("JBSWY3DPEHPK3PXP") != sealed
    changed = sealed[:-4] + ("AAA=" if sealed[-4:] != "AAA=" else "BBB=")
    with pytest.raises(Tampered):
        adapter.decrypt(changed)


def test_sessions_that_timed_out_are_cleared_at_night(county):
    running, over = SessionStore(), SessionStore()
    running.save()
    over.set_expiry(-1)
    over.save()
    clear_sessions(timestamp=0)
    assert (running.exists(running.session_key), over.exists(over.session_key)) == (True, False)
