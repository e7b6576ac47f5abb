"""Reading the head of a simple request in microseconds, or declining to. Pure.

Only what gunicorn's parser would read in the same way is read here: a GET or HEAD of HTTP/1.1 on a
path, without a body and with nothing that changes the connection. Everything else is None and
goes to that parser.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

LONGEST = 8_000
# A second slash would begin a host, a hash a fragment.
HEAD = re.compile(
    rb"(GET|HEAD) (/(?:[!\"$-.0->@-~][!\"$->@-~]*)?)(?:\?([!\"$-~]*))? HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]+:[ \t]*[\t -~\x80-\xff]*\r\n)+)\r\n"
)
DECLINED = frozenset({
    "CONTENT_LENGTH", "CONTENT_TYPE", "TRANSFER_ENCODING", "EXPECT", "UPGRADE", "HTTP2_SETTINGS",
    "TE", "TRAILER", "PROXY_CONNECTION", "KEEP_ALIVE",
})  # fmt: skip


def environ_of(
    head: bytes, secure_headers: tuple[tuple[str, str], ...] = ()
) -> Mapping[str, Any] | None:
    """Return what WSGI calls the environment, as far as a head tells it, or None.

    `secure_headers` are the headers by which a peer may say that the visitor came over TLS, in
    capitals with hyphens, each with the value that says so; none where the peer is not trusted.
    """
    if len(head) > LONGEST or (found := HEAD.fullmatch(head)) is None:
        return None
    method, path, query, fields = found.groups()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.decode(),
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": (query or b"").decode("latin-1"),
        "wsgi.url_scheme": "http",
    }
    for line in fields.decode("latin-1").split("\r\n")[:-1]:
        field, _, value = line.partition(":")
        name, value = field.upper().replace("-", "_"), value.strip(" \t")
        key = f"HTTP_{name}"
        if key in environ or name in DECLINED:
            return None
        environ[key] = value
    if "HTTP_HOST" not in environ:
        return None
    if environ.get("HTTP_CONNECTION", "keep-alive").lower() != "keep-alive":
        return None
    said = [
        environ[key] == value
        for name, value in secure_headers
        if (key := f"HTTP_{name.replace('-', '_')}") in environ
    ]
    if len(said) > 1:
        return None
    if any(said):
        environ["wsgi.url_scheme"] = "https"
    return environ
