from fengqiao.dispatch.models.dispatching import (
    Assignment,
    Dispatch,
    Extension,
    Progress,
    ReturnRequest,
    SignOff,
)
from fengqiao.dispatch.models.score import CallScore
from fengqiao.dispatch.models.whistle import Call, Notice, Whistle

__all__ = [
    "Assignment",
    "Call",
    "CallScore",
    "Dispatch",
    "Extension",
    "Notice",
    "Progress",
    "ReturnRequest",
    "SignOff",
    "Whistle",
]
