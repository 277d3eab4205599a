from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.matter import clocks, dialogs, materials, views

urlpatterns = [
    path("<str:code>/", views.matter, name="matter"),
    path("<str:code>/act/<str:key>", views.act, name="matter_act"),
    path("<str:code>/clocks/<uuid:clock_id>", clocks.clock, name="matter_clock"),
    path("<str:code>/dialog/<str:name>", dialogs.dialog, name="matter_dialog"),
    path("<str:code>/unmask/<str:what>/<uuid:row>", dialogs.unmask, name="unmask"),
    path("<str:code>/files/<uuid:file_id>", materials.material, name="matter_file"),
]
