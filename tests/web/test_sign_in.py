"""Signing in: password, lock-out, second factor, time-out, the post one acts as, and the trace of all of it."""

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from contextlib import nullcontext
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.domain import sessions
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.config.environment import PROJECT
from fengqiao.kernel import clock
from fengqiao.places.enums import DepartmentKind
from fengqiao.places.models import Post, Stationing
from tests import small_county
from tests.matters.ground import AUDITING
from tests.small_county import SmallCounty

LOGIN = "/accounts/login/"
SET_UP = "/accounts/2fa/totp/activate/"
CODE = "/accounts/2fa/authenticate/"
REGISTRAR = "county-registrar"
DIRECTOR = "county-director"


@pytest.fixture
def county(db: None) -> SmallCounty:
    return small_county.build()


@pytest.fixture
def committed_county(committed_db: None) -> SmallCounty:
    return small_county.build()


@pytest.fixture
def browser() -> Client:
    return Client()


def sign_in(browser: Client, login: str, password: str | None = None, **extra):
    return browser.post(LOGIN, {"login": login, "password": password or f"pass-{login}"}, **extra)


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_second_factor(browser: Client) -> tuple[str, list[str]]:
    """Goes through the set-up page: the secret, and the recovery codes that are shown after it."""
    secret = browser.get(SET_UP).context["form"].secret
    answer = browser.post(SET_UP, {"code": code_for(secret)}, follow=True)
    return secret, list(answer.context["unused_codes"])


def in_the_database(statement: str, *values):
    """What the auditor of these counties reads; where it was committed, what the tables' owner does."""
    reading = scope(AUDITING) if connection.in_atomic_block else nullcontext()
    alias = "default" if connection.in_atomic_block else "owner"
    with reading, connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def audited(*verbs: str) -> list[tuple]:
    """(verb, county, subject, result, details) of the chain's entries of these verbs, in order."""
    found = in_the_database(
        "SELECT verb, county, subject, result, content FROM audit_entry WHERE verb = ANY (%s) ORDER BY at, id",
        list(verbs),
    )
    return [(*row[:4], json.loads(bytes(row[4]))["details"]) for row in found]


def test_a_registrar_signs_in_and_the_page_says_as_whom(county, browser):
    answer = sign_in(browser, REGISTRAR)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = browser.get("/").content.decode()
    assert re.search(
        r'<div class="me">\s*<b>登记岗county <span class="chip ">登记岗</span></b>\s*恩平市综治中心', page
    )


# --- password and lock-out -----------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(committed_county, browser):
    sentences = {}
    for login in (REGISTRAR, "nobody-here"):
        answer = sign_in(browser, login, "not-the-password")
        assert answer.status_code == 200
        sentences[login] = re.findall(r'role="alert"><div>(.*?)</div>', answer.content.decode())
        assert not signed_in(browser)
    assert sentences == {
        REGISTRAR: ["您提供的用户名或密码不正确。"],
        "nobody-here": ["您提供的用户名或密码不正确。"],
    }
    known, unknown = audited("person.sign_in_failed")
    subject = f"person:{committed_county.person(Role.REGISTRAR).pk}"
    assert known[:4] == ("person.sign_in_failed", "440785", subject, "refused")
    assert unknown[:4] == ("person.sign_in_failed", "000000", "", "refused")
    assert (known[4]["code"], unknown[4]["code"]) == ("wrong_password", "unknown_name")
    names = [row[0] for row in in_the_database("SELECT convert_from(content, 'UTF8') FROM audit_entry")]
    assert [text for text in names if "nobody-here" in text or REGISTRAR in text] == []


def test_after_five_failures_the_right_password_waits_too(county, browser):
    for typed in (REGISTRAR, REGISTRAR.upper(), f" {REGISTRAR}", REGISTRAR, REGISTRAR):
        sign_in(browser, typed, "guessed")
    answer = sign_in(browser, REGISTRAR)
    assert "登录失败次数过多" in answer.content.decode()
    # By whatever address of ours, and from whatever machine.
    other = sign_in(Client(REMOTE_ADDR="10.1.1.1"), REGISTRAR, headers={"host": "localhost"})
    assert "登录失败次数过多" in other.content.decode()
    assert not signed_in(browser)
    assert [row[4]["code"] for row in audited("person.sign_in_failed")] == ["wrong_password"] * 5 + [
        "locked_out"
    ] * 2
    # Others are not locked out with them.
    sign_in(browser, "county-dispatcher")
    assert signed_in(browser)


def test_a_second_process_sees_the_lock(committed_county, browser):
    """The count lies in the database: another server process, or another machine, refuses too."""
    script = textwrap.dedent(
        f"""
        import django, sys
        django.setup()
        from django.conf import settings
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        from django.test import Client
        for login in ("{REGISTRAR}", "county-dispatcher"):
            browser = Client(SERVER_NAME="localhost")
            browser.post("{LOGIN}", {{"login": login, "password": "pass-" + login}})
            print(login, "_auth_user_id" in browser.session)
        """
    )
    for _time in range(5):
        sign_in(browser, REGISTRAR, "guessed")
    environment = dict(os.environ)
    environment |= {
        "DJANGO_SETTINGS_MODULE": "fengqiao.config.settings",
        "PYTHONPATH": str(PROJECT / "src"),
        "FENGQIAO_DATABASE_URL": os.environ["FENGQIAO_DATABASE_URL"],
    }
    found = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.split("\n") == [f"{REGISTRAR} False", "county-dispatcher True", ""]


def test_signing_up_alone_is_closed_and_there_is_no_mail_to_reset_a_password_by(county, browser):
    before = Person.objects.count()
    for answer in (
        browser.get("/accounts/signup/"),
        browser.post("/accounts/signup/", {"username": "walked-in", "password1": "a-good-long-one"}),
    ):
        assert answer.status_code == 200
        assert "不能自行注册" in answer.content.decode()
    assert Person.objects.count() == before
    sign_in(browser, REGISTRAR)
    doors = ("email/", "confirm-email/", "password/reset/", "password/set/", "login/code/")
    assert [browser.get(f"/accounts/{door}").status_code for door in doors] == [404] * len(doors)


def test_a_deactivated_person_does_not_sign_in(county, browser):
    Person.objects.filter(username=REGISTRAR).update(is_active=False)
    answer = sign_in(browser, REGISTRAR)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert not signed_in(browser)
    assert "账号已停用" in browser.get("/accounts/inactive/").content.decode()
    assert [row[4]["code"] for row in audited("person.sign_in_failed")] == ["inactive"]


def test_the_way_back_after_signing_in_stays_in_the_house(county, browser):
    login = f"{LOGIN}?next=https://elsewhere.example/"
    browser.get(login)
    data = {"login": REGISTRAR, "password": f"pass-{REGISTRAR}", "next": "https://elsewhere.example/"}
    assert browser.post(login, data)["Location"] == "/"


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(county, browser):
    browser.get(LOGIN)
    browser.session.save()
    sign_in(browser, REGISTRAR)
    key = browser.session.session_key
    person = county.person(Role.REGISTRAR)
    assert in_the_database("SELECT count(*) FROM django_session WHERE session_key = %s", key) == [(1,)]
    browser.post("/accounts/logout/")
    assert in_the_database("SELECT count(*) FROM django_session WHERE session_key = %s", key) == [(0,)]
    assert browser.get("/")["Location"] == f"{LOGIN}?next=%2F"
    assert audited("person.signed_in", "person.signed_out") == [
        ("person.signed_in", "440785", f"person:{person.pk}", "done", {"second_factor": False}),
        ("person.signed_out", "440785", f"person:{person.pk}", "done", {}),
    ]


@pytest.mark.parametrize(
    ("proposed", "code"),
    [
        ("short-1", "password_too_short"),
        ("8412905731", "password_entirely_numeric"),
        ("qwertyuiop", "password_too_common"),
        ("County-registrar", "password_too_similar"),
    ],
)
def test_a_weak_password_is_refused(county, browser, proposed, code):
    sign_in(browser, REGISTRAR)
    before = Person.objects.get(username=REGISTRAR).password
    old = f"pass-{REGISTRAR}"
    answer = browser.post(
        "/accounts/password/change/", {"oldpassword": old, "password1": proposed, "password2": proposed}
    )
    assert answer.status_code == 200
    errors = answer.context["form"].errors.as_data()
    assert {name: [each.code for each in found] for name, found in errors.items()} == {"password1": [code]}
    assert Person.objects.get(username=REGISTRAR).password == before
    assert audited("person.password_changed") == []


def test_a_changed_password_ends_every_session(county, browser):
    elsewhere = Client()
    for each in (browser, elsewhere):
        sign_in(each, REGISTRAR)
    new = "five-quiet-rivers-9"
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": f"pass-{REGISTRAR}", "password1": new, "password2": new},
    )
    for each in (browser, elsewhere):
        assert each.get("/")["Location"] == f"{LOGIN}?next=%2F"
    sign_in(browser, REGISTRAR)
    assert not signed_in(browser)
    sign_in(browser, REGISTRAR, new)
    assert signed_in(browser)
    subject = f"person:{county.person(Role.REGISTRAR).pk}"
    assert audited("person.password_changed") == [("person.password_changed", "440785", subject, "done", {})]


def test_a_password_that_somebody_else_knows_is_changed_before_anything_else(county, browser):
    Person.objects.filter(username=REGISTRAR).update(must_change_password=True)
    sign_in(browser, REGISTRAR)
    for page in ("/", reverse("register"), reverse("ledger")):
        assert browser.get(page)["Location"] == "/accounts/password/change/"
    new = "five-quiet-rivers-9"
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": f"pass-{REGISTRAR}", "password1": new, "password2": new},
    )
    sign_in(browser, REGISTRAR, new)
    assert browser.get("/").status_code == 200


# --- second factor -------------------------------------------------------------------------------------------


def test_administrators_and_leaders_set_up_a_second_factor_before_they_work(county):
    led_to_set_up = set()
    for role in Role:
        place = DepartmentKind.LABOUR if role is Role.HANDLER else "county"
        browser = Client()
        browser.force_login(county.person(role, place))
        if browser.get(reverse("ledger")).headers.get("Location") == SET_UP:
            led_to_set_up.add(str(role))
    assert led_to_set_up == {
        "auditor", "system_administrator", "security_administrator",
        "director", "executive_deputy", "standing_deputy", "commission",
    }  # fmt: skip


def test_a_director_sets_up_and_signs_in_with_a_code(committed_county, browser):
    sign_in(browser, DIRECTOR)
    assert browser.get("/")["Location"] == SET_UP
    assert browser.post(reverse("register"), {"title": "x"})["Location"] == SET_UP
    page = browser.get(SET_UP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret, codes = set_up_second_factor(browser)
    assert len(codes) == 10
    assert browser.get("/").status_code == 200

    again = Client()
    answer = sign_in(again, DIRECTOR)
    assert answer["Location"] == CODE
    assert again.get("/")["Location"] == f"{LOGIN}?next=%2F"
    assert not signed_in(again)
    wrong = again.post(CODE, {"code": "000000" if code_for(secret) != "000000" else "111111"})
    assert wrong.status_code == 200
    assert not signed_in(again)
    assert again.post(CODE, {"code": code_for(secret)})["Location"] == "/"
    assert again.get("/").status_code == 200

    subject = f"person:{committed_county.person(Role.DIRECTOR).pk}"
    factor = [(row[0], row[2], row[4]) for row in audited("person.second_factor", "person.signed_in")]
    assert sorted(factor, key=lambda row: json.dumps(row[2])) == [
        ("person.second_factor", subject, {"change": "added:recovery_codes"}),
        ("person.second_factor", subject, {"change": "added:totp"}),
        ("person.signed_in", subject, {"second_factor": False}),
        ("person.signed_in", subject, {"second_factor": True}),
    ]
    failed = [(row[2], row[3], row[4]["code"]) for row in audited("person.sign_in_failed")]
    assert failed == [(subject, "refused", "wrong_second_factor")]


def test_a_code_is_good_once(county, browser):
    sign_in(browser, DIRECTOR)
    secret, _codes = set_up_second_factor(browser)
    first, second = Client(), Client()
    code = code_for(secret)
    for each in (first, second):
        sign_in(each, DIRECTOR)
        each.post(CODE, {"code": code})
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_a_recovery_code_lets_in_once_and_leaves_a_trace(county, browser):
    sign_in(browser, DIRECTOR)
    _secret, codes = set_up_second_factor(browser)
    first, second = Client(), Client()
    for each in (first, second):
        sign_in(each, DIRECTOR)
        each.post(CODE, {"code": codes[0]})
    assert (signed_in(first), signed_in(second)) == (True, False)
    assert [row[4] for row in audited("person.second_factor")][-1] == {"change": "used:recovery_codes"}


def test_wrong_codes_lock_too(county, browser):
    sign_in(browser, DIRECTOR)
    secret, _codes = set_up_second_factor(browser)
    again = Client()
    sign_in(again, DIRECTOR)
    wrong = "000000" if code_for(secret) != "000000" else "111111"
    for _time in range(5):
        again.post(CODE, {"code": wrong})
    assert "登录失败次数过多" in again.post(CODE, {"code": code_for(secret)}).content.decode()
    assert not signed_in(again)


def test_the_second_factor_lies_encrypted_in_the_database(county, browser):
    sign_in(browser, DIRECTOR)
    secret, codes = set_up_second_factor(browser)
    rows = in_the_database("SELECT type, data FROM mfa_authenticator ORDER BY type")
    assert [kind for kind, _data in rows] == ["recovery_codes", "totp"]
    text = json.dumps([json.loads(data) if isinstance(data, str) else data for _kind, data in rows])
    assert [kept for kept in (secret, *codes) if kept in text] == []
    kept = [json.loads(data) if isinstance(data, str) else data for _kind, data in rows]
    assert sorted(kept[0]) == ["seed", "used_mask", "viewed_at"]
    assert not re.fullmatch(r"[0-9a-f]+", kept[0]["seed"])


def test_who_knew_only_the_password_is_put_out_when_the_second_factor_is_set_up(committed_county, browser):
    intruder = Client()
    for each in (intruder, browser):
        sign_in(each, DIRECTOR)
    set_up_second_factor(browser)
    assert browser.get("/").status_code == 200
    assert intruder.get("/")["Location"] == f"{LOGIN}?next=%2F"


def test_who_gives_up_the_second_factor_sets_up_another_before_working_on(county, browser):
    sign_in(browser, DIRECTOR)
    set_up_second_factor(browser)
    assert browser.get("/").status_code == 200
    browser.post("/accounts/2fa/totp/deactivate/")
    assert in_the_database("SELECT count(*) FROM mfa_authenticator") == [(0,)]
    assert browser.get("/")["Location"] == SET_UP


# --- the session ---------------------------------------------------------------------------------------------


def left(browser: Client) -> timedelta:
    [(ends,)] = in_the_database(
        "SELECT expire_date - now() FROM django_session WHERE session_key = %s", browser.session.session_key
    )
    return ends


def idle(browser: Client, minutes: int) -> None:
    """The session as it is after so many minutes without a click."""
    session = browser.session
    session[sessions.KEPT_AT] = session[sessions.KEPT_AT] - 60 * minutes
    session.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_session SET expire_date = now() + %s WHERE session_key = %s",
            [timedelta(minutes=30 - minutes), session.session_key],
        )


def test_half_an_hour_without_a_click_signs_out(county, browser):
    sign_in(browser, REGISTRAR)
    idle(browser, 29)
    assert browser.get("/").status_code == 200
    idle(browser, 31)
    assert browser.get(f"{reverse('ledger')}?step=track&risk=high")["Location"] == (
        f"{LOGIN}?next=%2Fledger%2F%3Fstep%3Dtrack%26risk%3Dhigh"
    )


def test_a_click_keeps_the_session_and_costs_a_write_only_now_and_then(committed_county, browser):
    sign_in(browser, REGISTRAR)
    assert settings.SESSION_COOKIE_AGE == 1800
    idle(browser, 2)
    browser.get("/")
    assert left(browser) < timedelta(minutes=28)
    idle(browser, 20)
    browser.get("/")
    assert left(browser) > timedelta(minutes=29)


def test_what_a_page_asks_by_itself_is_no_click(committed_county, browser):
    sign_in(browser, REGISTRAR)
    idle(browser, 20)
    browser.get("/", headers={"X-Unattended": "1"})
    assert left(browser) < timedelta(minutes=10)


def test_a_part_of_a_page_that_comes_too_late_sends_the_whole_page_to_sign_in(county, browser):
    page = "http://testserver/register/?a=1"
    answer = browser.get(reverse("grids"), headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer["HX-Redirect"] == f"{LOGIN}?next=%2Fregister%2F%3Fa%3D1"


def test_a_form_sent_too_late_comes_back_to_its_page_after_signing_in(county, browser):
    answer = browser.post(reverse("register"), headers={"Referer": "http://testserver/register/"})
    assert answer["Location"] == f"{LOGIN}?next=%2Fregister%2F"
    answer = browser.post(reverse("register"), headers={"Referer": "http://elsewhere.example/x"})
    assert answer["Location"] == f"{LOGIN}?next=%2F"


# --- posts ---------------------------------------------------------------------------------------------------


def station(county: SmallCounty, login: str, role: Role, **days) -> Stationing:
    post = Post.objects.get(role=role, centre=county.centres["county"])
    values = {"valid_from": small_county.SINCE} | days
    return Stationing.objects.create(person=Person.objects.get(username=login), post=post, **values)


@pytest.mark.parametrize(("days_ago", "works"), [(0, True), (1, False)])
def test_a_post_is_held_to_the_end_of_its_last_day(county, browser, days_ago, works):
    sign_in(browser, REGISTRAR)
    assert browser.get("/").status_code == 200
    Stationing.objects.filter(person__username=REGISTRAR).update(
        valid_until=clock.today() - timedelta(days=days_ago)
    )
    answer = browser.get("/")
    if works:
        assert answer.status_code == 200
        return
    assert answer["Location"] == reverse("choose_post")
    assert "您今天没有任职的岗位" in browser.get(reverse("choose_post")).content.decode()
    browser.post(reverse("register"), {"title": "停岗之后登记"})
    assert in_the_database("SELECT count(*) FROM matters_matter") == [(0,)]


def test_a_post_that_begins_tomorrow_is_not_offered(county, browser):
    station(county, REGISTRAR, Role.DISPATCHER, valid_from=clock.today() + timedelta(days=1))
    sign_in(browser, REGISTRAR)
    assert browser.get("/").status_code == 200
    assert len(browser.get(reverse("choose_post")).context["choices"]) == 1


def test_who_holds_two_posts_says_as_which_one_they_act(county, browser):
    second = station(county, REGISTRAR, Role.DISPATCHER)
    sign_in(browser, REGISTRAR)
    assert browser.get("/")["Location"] == reverse("choose_post")
    offered = browser.get(reverse("choose_post")).context["choices"]
    assert {(each["role"], each["place"]) for each in offered} == {
        ("登记岗", "恩平市综治中心"),
        ("调度岗", "恩平市综治中心"),
    }
    assert browser.post(reverse("choose_post"), {"post": str(second.id)})["Location"] == "/"
    page = browser.get("/").content.decode()
    assert '<span class="chip ">调度岗</span>' in page
    assert "切换岗位（2）" in page
    assert browser.get("/").context["frame"]["actor"]["role"] == Role.DISPATCHER
    assert audited("person.choose_post") == [
        ("person.choose_post", "440785", f"post:{second.post_id}", "done", {})
    ]


def test_nobody_acts_as_a_post_of_somebody_else(county, browser):
    station(county, REGISTRAR, Role.DISPATCHER)
    sign_in(browser, REGISTRAR)
    for wanted in (str(county.stationings[("director", "county")].id), "not-a-post", ""):
        answer = browser.post(reverse("choose_post"), {"post": wanted})
        assert answer.status_code == 403
        assert "您今天没有担任这个岗位" in answer.content.decode()
    assert browser.get("/")["Location"] == reverse("choose_post")
    assert [(row[3], row[4]["code"]) for row in audited("person.choose_post")] == [
        ("refused", "not_your_post")
    ] * 3


def test_a_chosen_post_that_ended_is_not_acted_as(county, browser):
    second = station(county, REGISTRAR, Role.DISPATCHER)
    sign_in(browser, REGISTRAR)
    browser.post(reverse("choose_post"), {"post": str(second.id)})
    Stationing.objects.filter(pk=second.pk).update(valid_until=clock.today() - timedelta(days=1))
    assert browser.get("/").context["frame"]["actor"]["role"] == Role.REGISTRAR


# --- language ------------------------------------------------------------------------------------------------


def language_of(page) -> str:
    return re.search(r'<html lang="([\w-]+)">', page.content.decode())[1]


def test_the_language_changes_and_the_session_stays(county, browser):
    second = station(county, REGISTRAR, Role.DISPATCHER)
    sign_in(browser, REGISTRAR)
    browser.post(reverse("choose_post"), {"post": str(second.id)})
    assert language_of(browser.get("/")) == "zh-CN"
    browser.post(reverse("set_language"), {"language": "en", "next": "/"})
    page = browser.get("/")
    assert (page.status_code, language_of(page)) == (200, "en")
    assert page.context["frame"]["actor"]["role"] == Role.DISPATCHER


def test_a_persons_language_is_there_at_their_next_sign_in(county, browser):
    sign_in(browser, REGISTRAR)
    browser.post(reverse("set_language"), {"language": "en"})
    assert Person.objects.get(username=REGISTRAR).language == "en"
    other_machine = Client()
    assert language_of(other_machine.get(LOGIN)) == "zh-CN"
    sign_in(other_machine, REGISTRAR)
    assert language_of(other_machine.get("/")) == "en"


def test_a_language_that_there_is_not_changes_nothing(county, browser):
    sign_in(browser, REGISTRAR)
    browser.post(reverse("set_language"), {"language": "xx"})
    assert Person.objects.get(username=REGISTRAR).language == ""
    assert language_of(browser.get("/")) == "zh-CN"


def test_who_is_not_signed_in_can_read_the_sign_in_page_in_english(county, browser):
    browser.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert language_of(browser.get(LOGIN)) == "en"
    assert browser.get(reverse("set_language")).status_code == 405
