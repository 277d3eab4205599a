"""Where webhooks are never sent to, and what the operator opens."""

import ipaddress

import pytest

from fengqiao.exchange import sending
from fengqiao.exchange.sending import check_address
from fengqiao.kernel.errors import Invalid


@pytest.fixture(autouse=True)
def nothing_inside(settings) -> None:
    settings.WEBHOOK_NETWORKS = []


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_numbers_of_no_public_network_are_refused(number):
    assert not sending.allowed(ipaddress.ip_address(number))


def test_the_operator_opens_a_network_and_only_that(settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("10.2.0.0/16")]
    opened = {number: sending.allowed(ipaddress.ip_address(number)) for number in ("10.2.3.4", "10.3.0.1")}
    assert opened == {"10.2.3.4": True, "10.3.0.1": False}
    assert sending.allowed(ipaddress.ip_address("119.29.29.29"))
    assert sending.allowed(ipaddress.ip_address("2400:3200::1"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gateway.example.gov.cn",
        "ftp://gateway.example.gov.cn/",
        "http://gateway.example.gov.cn/hooks",
        "https://user:secret@gateway.example.gov.cn/",
        "https://gateway.example.gov.cn/#there",
        "https://gateway.example.gov.cn:0/",
        "https://gateway.example.gov.cn:99999/",
        "https://gateway.example.gov.cn/a b",
        "https://gateway.example.gov.cn/\r\nHost: other",
        "https://[::1",
        "https://10.0.0.1/",
        "https://[fd00::1]/",
        "https://" + "x" * 500,
        "https://例子.中国/",
    ],
)
def test_an_address_that_is_never_sent_to_is_refused_beside_its_field(address):
    with pytest.raises(Invalid) as invalid:
        check_address(address)
    assert list(invalid.value.errors) == ["address"]


def test_plain_http_is_for_this_machine_alone_and_only_where_it_is_opened(settings):
    for closed in ("http://127.0.0.1:8000/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(Invalid):
            check_address(closed)
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8")]
    assert check_address(" http://127.0.0.1:8000/hooks ") == "http://127.0.0.1:8000/hooks"
    assert check_address("https://10.0.0.1/hooks") == "https://10.0.0.1/hooks"
    with pytest.raises(Invalid):
        check_address("http://10.0.0.1/hooks")
    assert (
        check_address("https://gateway.example.gov.cn:8443/a?b=c")
        == "https://gateway.example.gov.cn:8443/a?b=c"
    )
