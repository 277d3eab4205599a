from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.scans import copies, placing, views

urlpatterns = [
    path("scans/", views.scans, name="scans"),
    path("scans/<uuid:stack>/", views.stack_page, name="scan_stack"),
    path("scans/<uuid:stack>/act/<str:act>", placing.act, name="scan_act"),
    path("scans/<uuid:stack>/pages/<uuid:page>/picture", views.picture, name="scan_picture"),
    path("scans/<uuid:stack>/pages/<uuid:page>/place", placing.place, name="scan_place"),
    path("scans/<uuid:stack>/sources/<uuid:source>", views.source_file, name="scan_source"),
    path("matters/<str:code>/scans", views.matter_scans, name="matter_scans"),
    path("matters/<str:code>/signed/<uuid:page>", copies.signed_page, name="signed_page"),
    path("matters/<str:code>/signed/<uuid:page>/picture", copies.signed_picture, name="signed_picture"),
    path("matters/<str:code>/signed/<uuid:page>/out", copies.take_out, name="signed_out"),
    path(
        "matters/<str:code>/papers/<str:kind>/<uuid:reference>/signed", copies.signed_copy, name="signed_copy"
    ),
    path(
        "matters/<str:code>/papers/<str:kind>/<uuid:reference>/signed.pdf",
        copies.signed_copy_pdf,
        name="signed_copy_pdf",
    ),
]
