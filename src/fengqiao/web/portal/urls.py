from __future__ import annotations

from django.urls import path

from fengqiao.web.portal import lawyers, rooms

urlpatterns = [
    path("rooms/", rooms.rooms, name="public_rooms"),
    path("rooms/<slug:code>/", rooms.room, name="public_room"),
    path("rooms/<slug:code>/picture", rooms.picture, name="public_room_picture"),
    path("lawyers/", lawyers.lawyers, name="public_lawyers"),
]
