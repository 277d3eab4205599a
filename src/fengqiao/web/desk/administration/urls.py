from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.administration import audit, people, places, posts

urlpatterns = [
    path("audit/", audit.audit, name="audit"),
    path("places/", places.places, name="places"),
    path("places/towns/<str:code>", places.villages, name="places_town"),
    path("places/centres", places.centres, name="places_centres"),
    path("places/departments", places.departments, name="places_departments"),
    path("people/", people.people, name="people"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/posts/new", posts.open_post, name="post_open"),
    path("people/<uuid:person_id>/posts/<uuid:stationing_id>/end", posts.end_post, name="post_end"),
    path("people/<uuid:person_id>/<str:what>", people.care_for, name="person_care"),
]
