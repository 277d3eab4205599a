from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.bulk import views

urlpatterns = [path("<str:name>", views.bulk_work, name="bulk")]
