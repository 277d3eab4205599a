from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.papers import dossier, views

urlpatterns = [
    path("<str:code>/dossier", dossier.dossier, name="dossier"),
    path("<str:code>/dossier/bind", dossier.bind, name="dossier_bind"),
    path("<str:code>/dossier/<uuid:volume>.pdf", dossier.volume, {"part": "pdf"}, name="dossier_pdf"),
    path("<str:code>/dossier/<uuid:volume>.zip", dossier.volume, {"part": "zip"}, name="dossier_zip"),
    path("<str:code>/papers", views.papers, name="papers"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>", views.printed, name="paper"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>.docx", views.editable, name="paper_docx"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>.pdf", views.portable, name="paper_pdf"),
    path("<str:code>/papers/<str:kind>/<uuid:reference>/serve", views.serve, name="paper_serve"),
]
