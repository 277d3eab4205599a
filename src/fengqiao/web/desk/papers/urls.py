from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.papers import views

urlpatterns = [
    path("<str:code>/papers", views.papers, name="papers"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>", views.printed, name="paper"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>.docx", views.editable, name="paper_docx"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>.pdf", views.portable, name="paper_pdf"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>/serve", views.serve, name="paper_serve"),
]
