"""The events that webhooks send, as the OpenAPI document tells of them (docs/webhooks.md)."""

from __future__ import annotations

from typing import Any

from fengqiao.exchange.enums import EventType
from fengqiao.matters.enums import State, Step

# In English, as the whole document is.
SAYS = {
    EventType.REGISTERED: "A matter was registered.",
    EventType.ACCEPTED: "It was accepted.",
    EventType.MEDIATION_BEGUN: "It went to mediation.",
    EventType.MEDIATED: "Mediation has a result.",
    EventType.ASSESSED: "Its risk was assessed.",
    EventType.ROUTED: "Its track was chosen.",
    EventType.DISPATCHED: "It was handed to departments.",
    EventType.REDIRECTED: "It was guided elsewhere or redirected into a legal procedure.",
    EventType.SETTLED: "It was settled.",
    EventType.VISITED: "A return visit was made or tried.",
    EventType.CLOSED: "It was closed.",
    EventType.ARCHIVED: "It was archived.",
    EventType.REOPENED: "It was reopened.",
    EventType.WITHDRAWN: "It was withdrawn.",
    EventType.MERGED: "It was merged into another matter.",
    EventType.RAISED: "It was raised to the centre above.",
    EventType.HANDED_DOWN: "It was handed down to the centre below.",
    EventType.STEP_CHANGED: "It went from one of the six steps to another.",
    EventType.CHECKED_IN: "A department checked in.",
    EventType.RETURN_ASKED: "A department asked to return it.",
    EventType.ARBITRATED: "A return was decided.",
    EventType.DISPOSED: "A department wrote its result.",
    EventType.SIGNED_OFF: "A department signed off the result.",
}
HEADERS = (
    ("webhook-id", "The event's id, the same at every try.", "^[0-9a-f-]{36}$"),
    ("webhook-timestamp", "Seconds since 1970, of this try.", "^[0-9]+$"),
    ("webhook-signature", "Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`.", "^v1,"),
)


def webhooks() -> dict[str, Any]:
    """The ``webhooks`` of the document: one for each type that can be subscribed to."""
    return {f"fengqiao.{type_}": {"post": _told(type_)} for type_ in EventType}


def schemas() -> dict[str, Any]:
    """The shapes that they refer to."""
    text = {"type": "string"}
    data = {
        "county": {"type": "string", "pattern": "^[0-9]{6}$"},
        "code": text,
        "sequence": {
            "type": "integer",
            "minimum": 1,
            "description": "The place of the event in the matter's history: order is not promised.",
        },
        "step": {"type": "string", "enum": list(Step.values)},
        "state": {"type": "string", "enum": list(State.values)},
        "place": {
            "type": "string",
            "pattern": "^[0-9]{12}$",
            "description": "The division of the centre that held the matter.",
        },
    }
    event = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid"},
        "source": {"type": "string", "pattern": "^/counties/[0-9]{6}$"},
        "type": {"type": "string", "enum": [f"fengqiao.{type_}" for type_ in EventType]},
        "subject": {"type": "string", "description": "The matter's code."},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object", "required": list(data), "properties": data},
    }
    return {"MatterEvent": {"type": "object", "required": list(event), "properties": event}}


def _told(type_: EventType) -> dict[str, Any]:
    return {
        "summary": SAYS[type_],
        "parameters": [
            {
                "in": "header",
                "name": name,
                "required": True,
                "description": says,
                "schema": {"type": "string", "pattern": pattern},
            }
            for name, says, pattern in HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents+json": {"schema": {"$ref": "#/components/schemas/MatterEvent"}}
            },
        },
        "responses": {
            "2XX": {"description": "Kept: it is not sent again."},
            "410": {"description": "Nothing more is wanted: the subscription ends."},
            "default": {"description": "Sent again later, over a day and a half."},
        },
        "security": [],
    }
