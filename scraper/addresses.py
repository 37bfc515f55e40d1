"""Which network addresses a crawler may talk to. Pure.

A page, a redirect or a robots.txt may name any host, and that host's name may resolve to any address, so it
is the resolved address that is judged. The lists are the IANA special-purpose registries
(https://www.iana.org/assignments/iana-ipv4-special-registry/ and iana-ipv6-special-registry);
`ipaddress.is_global` is not enough: it lets multicast, NAT64 and 6to4 pass.
"""

import ipaddress


class AddressError(Exception):
    """A host lies where a crawler must not go; the message is a slug."""


_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",        # this network
        "10.0.0.0/8",       # private
        "100.64.0.0/10",    # carrier-grade NAT
        "127.0.0.0/8",      # loopback
        "169.254.0.0/16",   # link-local, and clouds' metadata services
        "172.16.0.0/12",    # private
        "192.0.0.0/24",     # protocol assignments
        "192.0.2.0/24",     # documentation
        "192.88.99.0/24",   # 6to4 relays
        "192.168.0.0/16",   # private
        "198.18.0.0/15",    # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",   # documentation
        "224.0.0.0/4",      # multicast
        "240.0.0.0/4",      # reserved, broadcast
    )
)

# In version 6 only global unicast is open: that leaves out loopback, link-local, unique local, multicast,
# and IPv4 in disguise (mapped ::ffff:0:0/96, NAT64 64:ff9b::/96).
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",        # protocol assignments, Teredo among them
        "2001:db8::/32",    # documentation
        "2002::/16",        # 6to4: holds any IPv4 address
        "3fff::/20",        # documentation
    )
)


def is_public(address: str) -> bool:
    """Tell whether a literal address ("93.184.216.34", "2606:…") lies on the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in _CLOSED_V4)
    return ip in _OPEN_V6 and not any(ip in net for net in _CLOSED_V6)
