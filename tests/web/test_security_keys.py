"""A security key counts as second factor wherever an authenticator does (the ceremony: tests/journeys)."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def test_who_must_have_a_second_factor_works_with_a_key(county):
    director = county.person(Role.DIRECTOR)
    browser = Client()
    browser.post(reverse("account_login"), {"login": director.username, "password": "pass-county-director"})
    assert browser.get(reverse("ledger")).headers["Location"] == reverse("mfa_activate_totp")
    assert reverse("mfa_add_webauthn") in browser.get(reverse("mfa_activate_totp")).content.decode()
    # Codes alone stand in for something that is not there.
    Authenticator.objects.create(user=director, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert browser.get(reverse("ledger")).status_code == 302
    Authenticator.objects.create(user=director, type=Authenticator.Type.WEBAUTHN, data={"name": "办公室的"})
    assert browser.get(reverse("ledger")).status_code == 200


def test_a_lost_key_is_cleared_by_the_security_administrator(county):
    director = county.person(Role.DIRECTOR)
    key = Authenticator.objects.create(
        user=director, type=Authenticator.Type.WEBAUTHN, data={"name": "办公室的"}
    )
    keeper = at_the_desk(county, Role.SECURITY_ADMINISTRATOR)
    page = keeper.get(reverse("person", args=[director.pk]))
    assert ("安全密钥" in text_of(page), "办公室的" in text_of(page)) == (True, False)
    listed = keeper.get(reverse("people"), {"access": "one_factor", "name": "county-director"})
    assert listed.context["rows"] == []
    door = reverse("person_care", args=[director.pk, "reset_second_factor"])
    assert keeper.post(door).status_code == 302
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_signs_in_with_a_key_alone(county):
    assert Client().get("/accounts/2fa/webauthn/login/").status_code == 404
    page = Client().get(reverse("account_login")).content.decode()
    assert "webauthn" not in page
