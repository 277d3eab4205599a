from __future__ import annotations

from django.urls import path

from fengqiao.web.machines import views

urlpatterns = [path("token", views.token, name="machine_token")]
