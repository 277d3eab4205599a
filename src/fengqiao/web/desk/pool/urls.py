from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.pool import rooms

urlpatterns = [
    path("pool/", rooms.rooms, name="pool"),
    path("pool/rooms/new", rooms.new, name="room_new"),
    path("pool/rooms/<uuid:room_id>", rooms.room, name="room"),
    path("pool/rooms/<uuid:room_id>/<slug:action>", rooms.act, name="room_act"),
]
