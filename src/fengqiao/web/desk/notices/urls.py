from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.notices import outside, views

urlpatterns = [
    path("", views.inbox, name="notices"),
    path("outside", outside.outside, name="notices_outside"),
    path("read", views.read_all, name="notices_read"),
    path("<uuid:notice_id>", views.open_notice, name="notice"),
    path("<uuid:notice_id>/read", views.read, name="notice_read"),
]
