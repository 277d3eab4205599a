"""What surrounds every page: headers and cookies, the menu of each post, pages of refusal."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import ADMINISTRATORS, CENTRE_ROLES, LEADERS, Role
from fengqiao.matters.policies import may_register
from fengqiao.places.enums import DepartmentKind
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "style-src": "'self'",
    "script-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def policy_of(response) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


def test_every_answer_carries_its_headers_and_is_stored_nowhere(county):
    desk = at_the_desk(county, Role.REGISTRAR)
    stranger = Client()
    answers = {
        "sign-in": stranger.get("/accounts/login/"),
        "sent to sign in": stranger.get("/"),
        "my work": desk.get("/"),
        "registration": desk.get(reverse("register")),
        "refused": desk.get(reverse("audit")),
        "posts": desk.get(reverse("choose_post")),
        "alive": stranger.get(reverse("alive")),
        "second factor": desk.get("/accounts/2fa/"),
        "not there": desk.get("/nothing-here"),
        "wrong method": desk.get(reverse("set_language")),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "sign-in": 200,
        "sent to sign in": 302,
        "my work": 200,
        "registration": 200,
        "refused": 403,
        "posts": 200,
        "alive": 200,
        "second factor": 200,
        "not there": 404,
        "wrong method": 405,
    }
    for name, answer in answers.items():
        assert policy_of(answer) == POLICY, name
        assert "no-store" in answer.headers["Cache-Control"], name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "same-origin", name
        assert answer.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(self)", name


def test_cookies_stay_with_the_browser_and_out_of_scripts(county):
    browser = Client()
    browser.post("/accounts/login/", {"login": "county-registrar", "password": "pass-county-registrar"})
    session = browser.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    # Closed with the browser: the cookie has no date, the server's own time-out stands beside it.
    assert (session["expires"], session["max-age"]) == ("", "")
    browser.get("/")
    assert browser.cookies["csrftoken"]["samesite"] == "Lax"


def test_over_https_cookies_never_travel_in_the_open(county, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = Client()
    login = {"login": "county-registrar", "password": "pass-county-registrar"}
    browser.post("/accounts/login/", login, secure=True)
    browser.get("/", secure=True)
    assert {name: browser.cookies[name]["secure"] for name in ("sessionid", "csrftoken")} == {
        "sessionid": True,
        "csrftoken": True,
    }


def test_a_form_of_another_site_is_refused(county):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(county.person(Role.REGISTRAR))
    assert browser.post(reverse("register"), {"title": "x"}).status_code == 403
    assert browser.post("/accounts/logout/").status_code == 403
    assert browser.get("/").status_code == 200


def test_static_files_may_be_kept(county):
    answer = Client().get("/static/fengqiao/leaf.svg")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    answer.close()


MENUS = {
    "audit": {Role.AUDITOR},
    "places": {Role.SYSTEM_ADMINISTRATOR},
    "calendar": {Role.SYSTEM_ADMINISTRATOR},
    "people": {Role.SECURITY_ADMINISTRATOR},
    "machines": {Role.SECURITY_ADMINISTRATOR},
    "webhooks": {Role.SECURITY_ADMINISTRATOR},
    "imports": LEADERS,
    "late": LEADERS | {Role.SUPERVISOR, Role.HANDLER, Role.EXCHANGE},
    "key_matters": LEADERS | {Role.DISPATCHER, Role.DUTY_COMMANDER, Role.PETITION_INSPECTOR, Role.SUPERVISOR},
    "mediators": CENTRE_ROLES,
    "mediation_today": LEADERS | {Role.MEDIATOR, Role.REGISTRAR},
    "pool": CENTRE_ROLES,
    "scans": CENTRE_ROLES,
    "performance": CENTRE_ROLES,
    "own_templates": CENTRE_ROLES,
    "disposals": LEADERS | {Role.DISPATCHER},
    "mediation_statistics": CENTRE_ROLES | {Role.COMMISSION},
    "referrals": CENTRE_ROLES | {Role.HANDLER},
    "consultations": CENTRE_ROLES | {Role.HANDLER},
    "teams": CENTRE_ROLES | {Role.HANDLER},
    "studies": set(Role) - ADMINISTRATORS - {Role.EXCHANGE, Role.SUPERVISOR},
    "committee": {Role.SECURITY_ADMINISTRATOR},
    "supervision": LEADERS | {Role.COMMISSION},
    "samples": LEADERS | {Role.DISPATCHER, Role.PETITION_INSPECTOR},
    "reviews": LEADERS | {Role.COMMISSION, Role.HANDLER},
    "accountability": LEADERS | {Role.COMMISSION, Role.HANDLER},
    "direct_reports": LEADERS | {Role.DISPATCHER, Role.DUTY_COMMANDER, Role.COMMISSION},
    "whistles": CENTRE_ROLES | {Role.HANDLER, Role.SUPERVISOR},
    "rules": CENTRE_ROLES | {Role.EXCHANGE, Role.SUPERVISOR},
}


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_offers_a_post_what_it_may_open(county, role):
    place = DepartmentKind.LABOUR if role is Role.HANDLER else "county"
    actor = county.actor(role, place)
    page = at_the_desk(county, role, place).get(reverse("audit"))
    menu = re.findall(r'<nav aria-label="主菜单">(.*?)</nav>', page.content.decode(), re.DOTALL)[0]
    offered = set(re.findall(r'<a href="([^"]+)"', menu))
    expected = {reverse(name) for name, roles in MENUS.items() if role in roles}
    if not actor.is_administrator:
        expected |= {reverse(name) for name in ("my_work", "due", "ledger", "saved_views")}
    if may_register(actor):
        expected.add(reverse("register"))
    assert offered == expected


def test_the_frame_names_person_post_and_place(county):
    text = text_of(at_the_desk(county, Role.HANDLER, DepartmentKind.LABOUR).get("/"))
    assert "部门承办人labour 部门承办人 恩平市人社局" in text
    # One post: nothing to change to.
    assert "切换岗位" not in text


def test_a_refusal_is_a_page_with_a_way_out(county):
    page = at_the_desk(county, Role.REGISTRAR).get(reverse("people"))
    assert "人员账号由安全管理员管理。" in text_of(page)
    assert f'href="{reverse("my_work")}"' in page.content.decode()


def test_who_is_not_signed_in_is_led_to_sign_in_from_every_door(county):
    doors = ["my_work", "register", "ledger", "whistles", "audit", "places", "people"]
    led = {name: Client().get(reverse(name)).headers["Location"].split("?")[0] for name in doors}
    assert led == dict.fromkeys(doors, "/accounts/login/")
