"""What the document says of events is what arrives."""

import ipaddress
import json

import jsonschema_rs
import pytest

from fengqiao.api.document import document
from fengqiao.exchange.enums import EventType
from tests import small_county
from tests.exchange.hooks import send, subscribed
from tests.exchange.receiver import receiving

pytestmark = pytest.mark.django_db


def test_every_type_is_told_of():
    assert set(document()["webhooks"]) == {f"fengqiao.{type_}" for type_ in EventType}
    assert all(told["post"]["summary"] for told in document()["webhooks"].values())


def test_what_arrives_has_the_shape_of_the_document(settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    county = small_county.build()
    with receiving() as receiver:
        subscription, _secret = subscribed(county, receiver)
        small_county.brought_to(county, "handling")
        send(subscription)
    shape = document()["components"]["schemas"]["MatterEvent"]
    strict = shape | {"additionalProperties": False}
    assert len(receiver.got) > 5
    for headers, body in receiver.got:
        event = json.loads(body)
        jsonschema_rs.validate(strict, event)
        told = document()["webhooks"][event["type"]]["post"]
        for parameter in told["parameters"]:
            jsonschema_rs.validate(parameter["schema"], headers[parameter["name"]])
