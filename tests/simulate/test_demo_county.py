"""The demo's county: decided once, shown while it arrives, with somebody to sign in as for each role."""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.config import arriving, demo_county
from fengqiao.kernel import clock
from fengqiao.places.models import Stationing
from fengqiao.simulate import county, people
from tests import small_county
from tests.simulate.test_county import rows
from tests.web.desk import at_the_desk, text_of


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.django_db
def test_there_is_somebody_to_sign_in_as_for_every_role_of_a_person():
    county.take_in()
    offered = people.sign_ins()
    assert [login for _, login, _ in offered] == list(people.LOGINS)
    assert all(Person.objects.get(username=login).check_password(said) for _, login, said in offered)
    roles = set(
        Stationing.objects.filter(person__username__in=people.LOGINS).values_list("post__role", flat=True)
    )
    # Machines exchange data; nobody signs in as one.
    assert roles == set(Role) - {Role.EXCHANGE}
    levels = Stationing.objects.filter(person__username__in=people.LOGINS, post__centre__isnull=False)
    assert set(levels.values_list("post__centre__level", flat=True)) == {"city", "county", "town", "village"}


@pytest.mark.django_db
def test_taking_the_county_in_again_changes_nothing():
    county.take_in()
    before = list(Person.objects.order_by("username").values_list("username", "password"))
    county.take_in()
    assert list(Person.objects.order_by("username").values_list("username", "password")) == before


@pytest.mark.django_db
def test_the_quick_hash_of_the_known_password_is_made_a_slow_one_at_the_first_sign_in(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    slow = PBKDF2PasswordHasher.iterations
    with county._quick_hashes():
        person = Person.objects.create_user("someone", password=county.PASSWORD, name="某人")
    assert int(person.password.split("$")[1]) < slow
    assert person.check_password(county.PASSWORD)
    person.refresh_from_db()
    assert int(person.password.split("$")[1]) == slow


def test_the_days_are_decided_at_the_first_start_and_kept(committed_db, monkeypatch):
    monkeypatch.setattr(demo_county, "DAYS", 3)
    monkeypatch.setattr(demo_county, "FIRST_DAYS", 1)
    monkeypatch.setattr(demo_county, "PER_DAY", 3.0)
    said: list[str] = []
    assert demo_county.has_room() is True
    demo_county.first_weeks(said.append)
    today = clock.today()
    first = today - timedelta(days=2)
    assert said == [f"Making the county's first days, {first} to {first} …"]
    # More days follow: nobody is left on the way for weeks.
    assert rows("SELECT count(*) FROM dispatch_whistle WHERE ended_at IS NULL") == [(0,)]
    command = demo_county.the_rest()
    assert list(command) == [
        *(sys.executable, "-m", "fengqiao", "simulate", "--seed", "1"),
        *("--until", today.isoformat(), "--days", "3", "--per-day", "3.0"),
    ]
    # Started again on a later day, it goes on with the same days, and makes nothing twice.
    demo_county.first_weeks(said.append)
    with clock.at(clock.now() + timedelta(days=9)):
        assert demo_county.the_rest() == command
    assert len(said) == 1
    demo_county.played(seed=1, until=first)
    assert demo_county.the_rest() == command
    demo_county.played(seed=1, until=today)
    assert demo_county.the_rest() == ()


@pytest.mark.django_db
def test_a_database_with_an_organisation_of_its_own_has_no_room():
    small_county.build()
    assert county.may_be_played() is False


@pytest.mark.django_db
def test_every_page_shows_how_far_the_county_has_come_until_it_is_there():
    desk = at_the_desk(small_county.build(), Role.REGISTRAR)
    line = reverse("arriving")
    assert 'class="arriving' not in desk.get("/").content.decode()
    arriving.tell(done=420, total=1056)
    for page in (desk.get("/"), desk.get(line)):
        shown = page.content.decode()
        assert f'hx-get="{line}" hx-trigger="every 3s" hx-swap="outerHTML"' in shown
        assert '<progress max="1056" value="420">' in shown
        assert "已有 420 件事项，共约 1056 件" in text_of(page)
    arriving.tell_end()
    gone = desk.get(line)
    # An empty answer takes the line off the page.
    assert (gone.status_code, gone.content.strip()) == (200, b"")
    assert 'class="arriving' not in desk.get("/").content.decode()


@pytest.mark.django_db
def test_who_was_signed_out_meanwhile_gets_no_sign_in_page_into_the_line():
    arriving.tell(done=1, total=2)
    answer = Client().get(reverse("arriving"))
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_play_that_was_ended_without_a_word_is_not_shown_for_ever(home):
    arriving.tell(done=1, total=2)
    assert arriving.arriving() == arriving.Arriving(done=1, total=2)
    long_ago = time.time() - arriving.SILENT_SECONDS - 1
    os.utime(home / "county-arriving.json", (long_ago, long_ago))
    assert arriving.arriving() is None


def test_a_half_written_file_shows_nothing(home):
    (home / "county-arriving.json").write_text('{"done": 1')
    assert arriving.arriving() is None
