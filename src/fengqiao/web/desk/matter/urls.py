from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.matter import clocks, dialogs, limits, materials, views

urlpatterns = [
    path("<str:code>/", views.matter, name="matter"),
    path("<str:code>/act/<str:key>", views.act, name="matter_act"),
    path("<str:code>/clocks/<uuid:clock_id>", clocks.clock, name="matter_clock"),
    path("<str:code>/clocks/<uuid:clock_id>/<str:verb>", limits.on_clock, name="matter_clock_act"),
    path("<str:code>/facts/", limits.facts, name="matter_facts"),
    path("<str:code>/facts/record", limits.record, name="matter_fact_record"),
    path("<str:code>/facts/<uuid:fact_id>/<str:verb>", limits.on_fact, name="matter_fact_act"),
    path("<str:code>/dialog/<str:name>", dialogs.dialog, name="matter_dialog"),
    path("<str:code>/unmask/<str:what>/<uuid:row>", dialogs.unmask, name="unmask"),
    path("<str:code>/files/<uuid:file_id>", materials.material, name="matter_file"),
]
