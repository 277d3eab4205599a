"""The ways out: mail by Django's backend, and the messengers that Apprise knows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import SMTPException

import apprise
from django.conf import settings
from django.core.mail import EmailMessage

# At its debug level it writes addresses and texts down.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class NotSent(RuntimeError):
    """It did not go out; whoever sends tries again later."""


@dataclass(frozen=True)
class Message:
    """``stable_id`` is the same whenever it is sent again, so that a receiver can tell."""

    stable_id: str
    subject: str
    text: str


def mail(address: str, message: Message) -> None:
    """Sends it by mail; raises ``NotSent``."""
    headers = {
        "Message-ID": f"<{message.stable_id}@{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        EmailMessage(
            message.subject, message.text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers
        ).send()
    except (SMTPException, OSError, UnicodeError) as trouble:
        raise NotSent from trouble


def service(address: str, message: Message) -> None:
    """Sends it by a messenger; raises ``NotSent``."""
    ways = apprise.Apprise()
    if not is_service(address) or not ways.add(address):
        raise NotSent
    if not ways.notify(title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT):
        raise NotSent


def is_service(address: str) -> bool:
    """Whether it is an address of one of the services that the operator lets people use.

    Those have hosts of their own: an address can lead nowhere inside the office's network.
    """
    scheme = address.partition("://")[0].lower()
    if scheme not in settings.APPRISE_SERVICES:
        return False
    return apprise.Apprise.instantiate(address, suppress_exceptions=True) is not None
