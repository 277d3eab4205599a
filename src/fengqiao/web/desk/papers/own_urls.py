from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.papers import own

urlpatterns = [
    path("", own.templates, name="own_templates"),
    path("<str:form>", own.template, name="own_template"),
    path("<str:form>/shipped.docx", own.shipped, name="own_template_shipped"),
    path("version/<uuid:template_id>.docx", own.version, name="own_template_file"),
    path("version/<uuid:template_id>/<str:verb>", own.act, name="own_template_act"),
]
