from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("fengqiao.accounts.urls")),
    path("api/v1/", include("fengqiao.api.urls")),
    path("", include("fengqiao.web.urls")),
]
