from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.rules import acting, editing, limits_workbook, own_limits, replays, views

urlpatterns = [
    path("", views.tables, name="rules"),
    path("versions/<uuid:version_id>", views.version, name="rule_version"),
    path("versions/<uuid:version_id>/edit", editing.edit, name="rule_edit"),
    path("versions/<uuid:version_id>/upload", editing.upload, name="rule_upload"),
    path("versions/<uuid:version_id>/xlsx", views.workbook, name="rule_workbook"),
    path("versions/<uuid:version_id>/replay", replays.order, name="rule_replay_order"),
    path("replays/<uuid:replay_id>", replays.replay, name="rule_replay"),
    path("replays/<uuid:replay_id>/matters", replays.matters, name="rule_replay_matters"),
    path("versions/<uuid:version_id>/<str:act>", acting.act, name="rule_act"),
    path("limits", own_limits.limits, name="own_limits"),
    path("limits/begin", own_limits.begin, name="own_limits_begin"),
    path("limits/xlsx", limits_workbook.workbook_in_force, name="own_limits_workbook_in_force"),
    path("limits/<uuid:version_id>/xlsx", limits_workbook.workbook, name="own_limits_workbook"),
    path("limits/<uuid:version_id>/upload", limits_workbook.upload, name="own_limits_upload"),
    path("limits/<uuid:version_id>", own_limits.version, name="own_limits_version"),
    path("limits/<uuid:version_id>/edit", own_limits.edit, name="own_limits_edit"),
    path("limits/<uuid:version_id>/<str:act>", own_limits.act, name="own_limits_act"),
    path("<str:kind>", views.table, name="rule_table"),
    path("<str:kind>/xlsx", views.workbook_in_force, name="rule_table_workbook"),
    path("<str:kind>/rows/<str:row_id>", views.row, name="rule_row"),
    path("<str:kind>/begin", acting.begin, name="rule_begin"),
]
