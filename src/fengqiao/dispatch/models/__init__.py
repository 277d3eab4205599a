from fengqiao.dispatch.models.dispatching import (
    Assignment,
    Dispatch,
    Extension,
    Progress,
    ReturnRequest,
    SignOff,
)
from fengqiao.dispatch.models.whistle import Call, Notice, Whistle

__all__ = [
    "Assignment",
    "Call",
    "Dispatch",
    "Extension",
    "Notice",
    "Progress",
    "ReturnRequest",
    "SignOff",
    "Whistle",
]
