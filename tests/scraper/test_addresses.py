"""Which network addresses may be talked to."""

import pytest

from sectionary.scraper.addresses import is_public

CLOSED = [
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.31.255.255", "192.0.0.8",
    "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "2001::1", "2001:db8::1",
    "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
@pytest.mark.case("S1")
def test_an_address_that_is_not_on_the_public_internet_is_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(address)
