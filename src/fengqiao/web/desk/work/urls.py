from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.work import views

urlpatterns = [path("", views.my_work, name="my_work")]
