from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.mediation import telling

urlpatterns = [path("matters/<str:code>/mediation/tell", telling.tell, name="mediation_tell")]
