"""Sending one signed event to one address: what may be connected to, and how long it may take.

Nothing here knows the database. The address of a subscription is typed by a person, and its name is answered
by somebody else's name server: the numbers that a name stands for are looked at first, and then exactly one
of those is connected to, under the name's own certificate.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from fengqiao.exchange.enums import Problem
from fengqiao.kernel.errors import Invalid

CONNECT_SECONDS = 5.0
# Of a whole try, whatever the receiver does: send the head letter by letter, or never answer.
WHOLE_SECONDS = 15.0
MOST_ADDRESSES = 3
LONGEST = 500
USER_AGENT = "fengqiao-webhooks/1"
# Addresses that carry an IPv4 address inside: judged by it.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Outcome:
    """How a try ended: the receiver's status, or why there was none."""

    answer: int | None = None
    problem: Problem = Problem.NONE

    @property
    def is_taken(self) -> bool:
        """The receiver said that it has it (2xx)."""
        return self.answer is not None and 200 <= self.answer < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants nothing any more (410)."""
        return self.answer == 410

    @property
    def is_about_the_receiver(self) -> bool:
        """It is the receiver that is in trouble, and not this event that it does not like."""
        return self.answer is None or self.answer >= 500 or self.answer in (408, 425, 429)


def check_address(address: str) -> str:
    """The address as it is kept; raises ``Invalid`` for one that is never sent to."""
    address = address.strip()
    wrong = ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        raise Invalid({"address": _("这不是一个网址。")}) from None
    if not host or not address.isascii() or not address.isprintable() or " " in address:
        wrong = _("请填写完整的网址，例如 https://gateway.example.gov.cn/hooks。")
    elif len(address) > LONGEST:
        wrong = _("网址太长。")
    elif parts.username is not None or parts.password is not None:
        wrong = _("网址里不能带用户名和密码：对方用签名确认是谁送来的。")
    elif parts.fragment:
        wrong = _("网址里不能带 #。")
    elif port == 0:
        wrong = _("端口不对。")
    elif parts.scheme not in ("https", "http"):
        wrong = _("网址以 https:// 开头。")
    else:
        number = _number(host)
        if parts.scheme == "http" and not (_is_loopback(host, number) and allowed(number or _LOOPBACK)):
            wrong = _("网址以 https:// 开头：事件不能不加密地送出去。")
        elif number is not None and not allowed(number):
            wrong = _(
                "这个地址在不允许的网段。需要送到内网时，请运行维护人员设置 FENGQIAO_WEBHOOK_NETWORKS。"
            )
    if wrong:
        raise Invalid({"address": wrong})
    return address


def allowed(number: Ip) -> bool:
    """Whether a number may be connected to: public ones, and the networks that the operator names."""
    inner = _inside(number)
    for network in settings.WEBHOOK_NETWORKS:
        if inner.version == network.version and inner in network:
            return True
    return inner.is_global and not inner.is_multicast


def send(*, address: str, secret: str, message_id: str, body: str, at: datetime) -> Outcome:
    """One try (blocking, at most about ``WHOLE_SECONDS`` beside the look-up of the name).

    ``at`` is the moment of this try, in UTC: receivers refuse signatures that are older than minutes.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        numbers = _numbers_of(host, port)
    except (OSError, UnicodeError):
        return Outcome(problem=Problem.UNKNOWN_HOST)
    # One forbidden number among them is enough: nobody honest mixes them.
    if not numbers or not all(allowed(number) for number in numbers):
        return Outcome(problem=Problem.FORBIDDEN_ADDRESS)
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "User-Agent": USER_AGENT,
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body),
    }
    return asyncio.run(_try(parts.geturl(), host, numbers[:MOST_ADDRESSES], headers, body.encode()))


async def _try(
    address: str, host: str, numbers: Sequence[Ip], headers: dict[str, str], body: bytes
) -> Outcome:
    timeout = httpx.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS)
    outcome = Outcome(problem=Problem.UNREACHABLE)
    # trust_env: a proxy of the environment would look the name up again, and connect to what it finds.
    async with httpx.AsyncClient(
        verify=_certificates(settings.WEBHOOK_AUTHORITIES),
        timeout=timeout,
        trust_env=False,
        follow_redirects=False,
    ) as client:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                for number in numbers:
                    outcome = await _post(client, httpx.URL(address), host, number, headers, body)
                    if outcome.problem is not Problem.UNREACHABLE:
                        break
        except TimeoutError:
            return Outcome(problem=Problem.TIMEOUT)
    return outcome


async def _post(
    client: httpx.AsyncClient, url: httpx.URL, host: str, number: Ip, headers: dict[str, str], body: bytes
) -> Outcome:
    request = client.build_request(
        "POST",
        url.copy_with(host=str(number)),
        headers=headers,
        content=body,
        extensions={"sni_hostname": host},
    )
    try:
        # The body of the answer is not read: it is not needed, and may be endless.
        response = await client.send(request, stream=True)
        await response.aclose()
    except httpx.ConnectError as failed:
        return Outcome(problem=Problem.NOT_TRUSTED if _is_about_trust(failed) else Problem.UNREACHABLE)
    except httpx.ConnectTimeout:
        return Outcome(problem=Problem.UNREACHABLE)
    except httpx.TimeoutException:
        return Outcome(problem=Problem.TIMEOUT)
    except httpx.HTTPError:
        # It was sent, at least in part, and nobody knows what became of it.
        return Outcome(problem=Problem.INTERRUPTED)
    status = response.status_code
    if 200 <= status < 300:
        return Outcome(answer=status)
    return Outcome(answer=status, problem=Problem.REDIRECT if 300 <= status < 400 else Problem.ANSWER)


@lru_cache(maxsize=2)
def _certificates(private: str) -> ssl.SSLContext:
    """The system's authorities, and those of a file where the operator names one."""
    known = ssl.create_default_context()
    if private:
        known.load_verify_locations(cafile=private)
    return known


def _is_about_trust(failed: BaseException | None) -> bool:
    while failed is not None:
        if isinstance(failed, ssl.SSLError):
            return True
        failed = failed.__cause__ or failed.__context__
    return False


def _numbers_of(host: str, port: int) -> list[Ip]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A scope ("fe80::1%eth0") is of no network that may be connected to.
    return list(
        dict.fromkeys(ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_kind, where in found)
    )


_LOOPBACK = ipaddress.ip_address("127.0.0.1")


def _is_loopback(host: str, number: Ip | None) -> bool:
    return host == "localhost" or (number is not None and _inside(number).is_loopback)


def _inside(number: Ip) -> Ip:
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            return number.ipv4_mapped
        if number.sixtofour is not None:
            return number.sixtofour
        if number in TRANSLATED:
            return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number


def _number(host: str) -> Ip | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
