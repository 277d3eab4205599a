from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("fengqiao.accounts.urls")),
    path("", include("fengqiao.web.urls")),
]
