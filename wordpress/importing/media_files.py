"""Where an attachment's bytes come from: a folder of uploads, or the site that was exported."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import Protocol
from urllib.parse import unquote, urljoin

import httpx
from django.conf import settings

from core.addresses import AddressError, public_address
from wordpress.importing.parting import parts_of
from wordpress.wxr.records import Item

UPLOADS = "/wp-content/uploads/"
TIMEOUT_SECONDS = 15.0
# Of one file in all, however slowly it drips.
LONGEST_SECONDS = 120.0
MOST_REDIRECTS = 3
# A host that did not answer so often is not asked again in this run.
MOST_FAILURES = 3
AGENT = "Candour-Import/1"
UNREACHED = frozenset({"host_unknown", "timed_out", "not_reached"})


class MediaMissingError(Exception):
    """An attachment's file is not to be had; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class MediaSource(Protocol):
    """Gives an attachment's bytes, or raises MediaMissingError."""

    def read(self, item: Item) -> bytes: ...


def upload_path(item: Item) -> str:
    """Return where an attachment lay below the folder of uploads, as its file says."""
    named = item.meta_value("_wp_attached_file").strip()
    path = unquote(parts_of(item.attachment_url).path)
    if UPLOADS in path:
        return path.partition(UPLOADS)[2]
    # Of a full path or an address only the part below the uploads means anything here.
    return named if named and not named.startswith("/") and "://" not in named else path


def file_name(item: Item) -> str:
    return PurePosixPath(upload_path(item).replace("\\", "/")).name


class Folder:
    """A folder with the uploads: looked for by path, and then by name where it is the only one."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._by_name: dict[str, list[Path]] | None = None

    def read(self, item: Item) -> bytes:
        path = self._find(upload_path(item), file_name(item))
        if path is None:
            raise MediaMissingError("file_missing")
        try:
            if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
                raise MediaMissingError("file_too_large")
            return path.read_bytes()
        except OSError as error:
            raise MediaMissingError("file_unreadable") from error

    def _find(self, below: str, name: str) -> Path | None:
        if not name or "\0" in below:
            return None
        for start in ("", UPLOADS.strip("/"), "uploads"):
            if (found := self._inside(self._root / start / below.lstrip("/"))) is not None:
                return found
        same = self._named().get(name, [])
        return self._inside(same[0]) if len(same) == 1 else None

    def _inside(self, path: Path) -> Path | None:
        """Return a file whose real place is below the folder, whatever path leads to it."""
        try:
            real = path.resolve()
            return real if real.is_relative_to(self._root) and real.is_file() else None
        except (OSError, ValueError):
            # A name that no file system takes.
            return None

    def _named(self) -> dict[str, list[Path]]:
        if self._by_name is None:
            self._by_name = {}
            for folder, _folders, names in os.walk(self._root):
                for name in names:
                    self._by_name.setdefault(name, []).append(Path(folder, name))
        return self._by_name


class Fetcher:
    """Fetches attachments by HTTP from hosts that are allowed, and from no private network."""

    def __init__(self, hosts: Iterable[str], *, allow_private: bool = False) -> None:
        self._hosts = {host.lower() for host in hosts if host}
        self._allow_private = allow_private
        self._failures: dict[str, int] = {}

    def read(self, item: Item) -> bytes:
        url = item.attachment_url.strip()
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url)
            if isinstance(answer, bytes):
                return answer
            try:
                url = urljoin(url, answer)
            except ValueError:
                raise MediaMissingError("address_invalid") from None
        raise MediaMissingError("too_many_redirects")

    def _ask(self, url: str) -> bytes | str:
        """Return the bytes at an address, or the address it leads on to."""
        try:
            address = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError):
            raise MediaMissingError("address_invalid") from None
        if address.scheme not in {"http", "https"} or not address.host or address.userinfo:
            raise MediaMissingError("address_invalid")
        if not self._is_allowed(address.host.lower()):
            raise MediaMissingError("host_not_allowed")
        if self._failures.get(address.host, 0) >= MOST_FAILURES:
            raise MediaMissingError("host_given_up")
        try:
            found = self._get(address)
        except MediaMissingError as error:
            if error.code in UNREACHED:
                more = MOST_FAILURES if error.code == "host_unknown" else 1
                self._failures[address.host] = self._failures.get(address.host, 0) + more
            raise
        self._failures.pop(address.host, None)
        return found

    def _is_allowed(self, host: str) -> bool:
        return host in self._hosts or f"www.{host}" in self._hosts or (
            host.removeprefix("www.") in self._hosts
        )  # fmt: skip

    def _get(self, address: httpx.URL) -> bytes | str:
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            numeric = public_address(address.host, port, allow_private=self._allow_private)
            with (
                httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http,
                http.stream(
                    "GET",
                    address.copy_with(host=numeric, fragment=None),
                    headers={
                        "Host": address.netloc.decode(),
                        "User-Agent": AGENT,
                        # What is packed has a size of its own that nobody has told.
                        "Accept-Encoding": "identity",
                    },
                    extensions={"sni_hostname": address.host},
                ) as answer,
            ):
                if answer.is_redirect and (onward := answer.headers.get("location")):
                    return str(onward)
                if answer.status_code != httpx.codes.OK:
                    raise MediaMissingError(f"http_{answer.status_code}")
                return limited(answer)
        except AddressError as error:
            raise MediaMissingError(error.code) from None
        except httpx.TimeoutException:
            raise MediaMissingError("timed_out") from None
        except httpx.HTTPError:
            raise MediaMissingError("not_reached") from None


def limited(answer: httpx.Response) -> bytes:
    """Return an answer's body; MediaMissingError where it is larger than an upload may be."""
    data = bytearray()
    ends_at = monotonic() + LONGEST_SECONDS
    for part in answer.iter_raw():
        data += part
        if len(data) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            raise MediaMissingError("file_too_large")
        if monotonic() > ends_at:
            raise MediaMissingError("timed_out")
    return bytes(data)


def hosts_of(*urls: str) -> set[str]:
    """Return the hosts of a site's addresses, and where WordPress.com keeps such a site's files."""
    hosts = {(parts_of(url).hostname or "").lower() for url in urls} - {""}
    # The host of all sites there is nobody's own.
    hosts.discard("wordpress.com")
    files = {f"{host.removesuffix('.wordpress.com')}.files.wordpress.com"
             for host in hosts if host.endswith(".wordpress.com")}  # fmt: skip
    return hosts | files
