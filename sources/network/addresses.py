"""Which IP addresses may be connected to.

What belongs here: the special networks and the one question asked of every resolved address.
What does not: resolving names and connecting (http), which hand every address over before a packet is sent.

The networks are those of the IANA registries of special-purpose addresses (RFC 6890 and what followed it).  How an
address was written (decimal, octal, short, mapped into IPv6) does not matter: judged is what resolution made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# What `allow_private` opens: this machine, and networks of a house.
_PRIVATE_4: Final = {
    "this machine": ("127.0.0.0/8",),
    "a private network": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
}
# What is never a web server of anyone: services of the provider, several receivers at once, or nobody.
_NEVER_4: Final = {
    "no address": ("0.0.0.0/8",),
    "a link-local address": ("169.254.0.0/16",),
    "an address for protocols, tests or documents": (
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
    ),
    "a multicast address": ("224.0.0.0/4",),
    "a reserved address": ("240.0.0.0/4",),
}
_PRIVATE_6: Final = {"this machine": ("::1/128",), "a private network": ("fc00::/7",)}
# Of IPv6 only 2000::/3 is given out at all; what lies outside is refused without a list.
_NEVER_6: Final = {
    "a link-local address": ("fe80::/10", "fec0::/10"),
    "a multicast address": ("ff00::/8",),
    "an address for protocols, tests or documents": ("2001::/23", "2001:db8::/32", "3fff::/20"),
}
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")


def _networks(*tables: Mapping[str, Iterable[str]]) -> tuple[tuple[str, IPv4Network | IPv6Network], ...]:
    return tuple(
        (what, IPv6Network(network) if ":" in network else IPv4Network(network))
        for table in tables
        for what, networks in table.items()
        for network in networks
    )


_PRIVATE: Final = _networks(_PRIVATE_4, _PRIVATE_6)
_NEVER: Final = _networks(_NEVER_4, _NEVER_6)


def forbidden(address: str, *, allow_private: bool = False) -> str | None:
    """Why a resolved address may not be connected to, or None when it may.

    `address` is an IP address as resolution returns it, with or without a zone.  `allow_private` opens loopback and
    private networks, and nothing else.  A text that is no address is refused.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    return _forbidden(ip, allow_private)


def _forbidden(ip: IPv4Address | IPv6Address, allow_private: bool) -> str | None:
    if isinstance(ip, IPv6Address) and (inner := _inner(ip)) is not None:
        return _forbidden(inner, allow_private)
    for what, network in _PRIVATE:
        if ip in network:
            return None if allow_private else what
    for what, network in _NEVER:
        if ip in network:
            return what
    if isinstance(ip, IPv6Address) and ip not in _GIVEN_OUT:
        return "a reserved address"
    return None


def _inner(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this IPv6 address end up at: mapped, NAT64 or 6to4."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.sixtofour
