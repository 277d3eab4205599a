"""The addresses of the API."""

from __future__ import annotations

from django.urls import path

from fengqiao.api.service import urlpatterns as _of_the_service
from fengqiao.api.views import docs, openapi

urlpatterns = [
    path("openapi.json", openapi, name="api_openapi"),
    path("docs", docs, name="api_docs"),
    *_of_the_service(),
]
