from __future__ import annotations

from django.urls import path

from fengqiao.web.desk.pool import lawyers, market, rooms, talents

urlpatterns = [
    path("pool/", rooms.rooms, name="pool"),
    path("pool/rooms/new", rooms.new, name="room_new"),
    path("pool/rooms/<uuid:room_id>", rooms.room, name="room"),
    path("pool/rooms/<uuid:room_id>/<slug:action>", rooms.act, name="room_act"),
    path("pool/talents/", talents.talents, name="talents"),
    path("pool/talents/new", talents.new, name="talent_new"),
    path("pool/talents/<uuid:talent_id>/end", talents.end, name="talent_end"),
    path("pool/talents/<uuid:talent_id>/telephone", talents.telephone, name="talent_telephone"),
    path("pool/lawyers/", lawyers.lawyers, name="lawyers"),
    path("pool/lawyers/turns/new", lawyers.new_turn, name="turn_new"),
    path("pool/lawyers/turns/<uuid:turn_id>/end", lawyers.end_turn, name="turn_end"),
    path("pool/lawyers/days/new", lawyers.new_day, name="turn_change"),
    path("pool/market/", market.bodies, name="market"),
    path("pool/market/new", market.new, name="market_new"),
    path("pool/market/<uuid:body_id>/<slug:action>", market.act, name="market_act"),
    path("matters/<str:code>/lawyers/", lawyers.of_matter, name="matter_lawyers"),
    path("matters/<str:code>/lawyers/<slug:action>", lawyers.act, name="lawyer_act"),
]
