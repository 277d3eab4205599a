"""The doors of signing in: those of allauth that this product has, and no other.

There is no e-mail to change, confirm or reset a password by: who forgot theirs goes to the security
administrator.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path

from fengqiao.accounts import signing_in_elsewhere

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Closed, and says so (AccountAdapter.is_open_for_signup).
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    # One provider, set by the operator; without one the two say that there is no such page.
    path("elsewhere/", signing_in_elsewhere.begin, name="sign_in_elsewhere"),
    # allauth's name: it tells the provider this address.
    path("elsewhere/<str:provider_id>/", signing_in_elsewhere.arrive, name="openid_connect_callback"),
]
