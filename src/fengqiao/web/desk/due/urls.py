from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.due import calendar, late

urlpatterns = [
    path("due/", calendar.due, name="due"),
    path("late/", late.late, name="late"),
    path("late/sheet", late.sheet, name="late_sheet"),
]
