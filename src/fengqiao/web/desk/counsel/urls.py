from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.counsel import advisers, consultations, teams

urlpatterns = [
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/<uuid:consultation_id>", consultations.consultation, name="consultation"),
    path("consultations/<uuid:consultation_id>/<str:action>", consultations.act, name="consultation_act"),
    path("advisers/", advisers.advisers, name="advisers"),
    path("advisers/new", advisers.new, name="adviser_new"),
    path("advisers/<uuid:adviser_id>/end", advisers.end, name="adviser_end"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new", teams.new, name="team_new"),
    path("teams/tasks", teams.tasks, name="team_tasks"),
    path("teams/tasks/<uuid:task_id>/<str:action>", teams.end_task, name="team_task_end"),
    path("teams/<uuid:team_id>", teams.team, name="team"),
    path("teams/<uuid:team_id>/<str:action>", teams.act, name="team_act"),
    path("matters/<str:code>/teams/give", teams.give, name="team_give"),
    path("matters/<str:code>/consultations/new", consultations.call, name="consultation_call"),
]
