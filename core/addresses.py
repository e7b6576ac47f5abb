"""Where the site itself may connect to: no private network unless the operator allows it."""

import ipaddress
import socket


class AddressError(Exception):
    """Nothing may connect to a host; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def public_address(host: str, port: int, *, allow_private: bool = False) -> str:
    """Return a numeric address of a host to connect to.

    Raises AddressError with `host_unknown`, or with `address_private` where any of the host's
    addresses is not on the public internet. Connect to what is returned and to nothing else: a
    name that is looked up twice may answer differently.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressError("host_unknown") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(map(is_public, addresses)):
        raise AddressError("address_private")
    return addresses[0]


# Addresses in which a gateway may find one of IPv4 (RFC 6052), and those that a site or a link
# once had for itself (RFC 3879, 4291 2.5.5.1, 6890), which Python takes for public ones.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
OWN_USE = [
    ipaddress.ip_network(each) for each in ("64:ff9b:1::/48", "::/96", "fec0::/10", "192.0.0.0/24")
]


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in network for network in OWN_USE):
        return False
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    if ip in TRANSLATED:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return inner.is_global and not inner.is_multicast
