from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.whistles import views

urlpatterns = [
    path("", views.whistles, name="whistles"),
    path("waiting", views.waiting, name="calls_waiting"),
    path("calls/<uuid:call_id>/<str:to>", views.answer, name="answer_call"),
]
