from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.whistles import scores, views

urlpatterns = [
    path("", views.whistles, name="whistles"),
    path("waiting", views.waiting, name="calls_waiting"),
    path("scores", scores.scores, name="call_scores"),
    path("calls/<uuid:call_id>/score", scores.score, name="score_call"),
    path("calls/<uuid:call_id>/<str:to>", views.answer, name="answer_call"),
]
