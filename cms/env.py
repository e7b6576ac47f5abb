"""Reading the environment, loudly: a wrong value stops the start with a sentence."""

import json
import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# The schemes of a mail server's address and the ports they mean.
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


class MailServer(NamedTuple):
    """Where mails are handed over."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    starts_tls: bool


class Environment:
    """Typed access to environment variables.

    Every reader raises ImproperlyConfigured with a sentence that names the variable and
    what it should look like. A secret may also come from the file that NAME_FILE names.
    An empty variable counts as absent.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def secret(self, name: str, default: str = "") -> str:
        if path := self.text(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(
                    f"{name}_FILE names {path}, which cannot be read ({error.strerror}). "
                    "It should be the path of a readable file that holds the secret."
                ) from error
        return self.text(name, default)

    def json_file(self, name: str) -> dict[str, Any]:
        """Read the JSON object in the file that the variable names; nothing without one."""
        path = self.text(name)
        if not path:
            return {}
        try:
            found = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{name} names {path}, which cannot be read ({error}). "
                "It should be the path of a readable file with a JSON object."
            ) from error
        if not isinstance(found, dict):
            raise ImproperlyConfigured(f"{name} names {path}. It should hold a JSON object.")
        return found

    def integer(
        self, name: str, default: int, *, minimum: int = 0, maximum: int | None = None
    ) -> int:
        value = self.text(name, str(default))
        is_number = re.fullmatch(r"-?[0-9]{1,9}", value) is not None
        if not is_number or int(value) < minimum or (maximum is not None and int(value) > maximum):
            span = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
            raise ImproperlyConfigured(f"{name} is {value!r}. It should be a whole number {span}.")
        return int(value)

    def switch(self, name: str, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value in {"on", "1", "true", "yes"}:
            return True
        if value in {"off", "0", "false", "no"}:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}. It should be on or off.")

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or list(
            default
        )

    def named_keys(self, name: str, *, shortest: int = 32) -> dict[str, str]:
        """Read `name:key` pairs, separated by commas; the value is a secret."""
        pairs: dict[str, str] = {}
        for pair in filter(None, (each.strip() for each in self.secret(name).split(","))):
            who, _, key = pair.partition(":")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", who) or len(key) < shortest:
                raise ImproperlyConfigured(
                    f"{name} has a pair that cannot be used. It should be name:key pairs separated "
                    f"by commas, each name of letters, digits, - or _, each key a random text of "
                    f"at least {shortest} signs without a comma."
                )
            pairs[who] = key
        return pairs

    def url(self, name: str, default: str = "", *, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        parts = split_address(value)
        if value and (parts is None or parts.scheme not in schemes):
            raise ImproperlyConfigured(
                f"{name} is {value!r}. It should be an address that begins with "
                + " or ".join(f"{scheme}://" for scheme in schemes)
                + "."
            )
        return value.rstrip("/")

    def origin(self, name: str, default: str = "") -> str:
        """Read the address of a whole site: a scheme and a host, and no path."""
        value = self.url(name, default, schemes=("http", "https"))
        if value and not is_origin(value):
            raise ImproperlyConfigured(
                f"{name} is {value!r}. It should be scheme and host alone, such as "
                "https://example.org."
            )
        return value

    def origins(self, name: str) -> list[str]:
        values = [value.rstrip("/") for value in self.words(name)]
        for value in values:
            if not is_origin(value):
                raise ImproperlyConfigured(
                    f"{name} has {value!r}. It should be a list of sites with scheme and host, "
                    "separated by commas, such as https://shop.example,https://app.example."
                )
        return values

    def hosts(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        values = self.words(name, default)
        for value in values:
            if value != "*" and not re.fullmatch(r"\.?[\w.-]+|\[[0-9a-fA-F:]+\]", value):
                raise ImproperlyConfigured(
                    f"{name} has {value!r}. It should be host names without scheme, port or path, "
                    "separated by commas, such as example.org,www.example.org."
                )
        return values

    def networks(self, name: str) -> list[str]:
        values = self.words(name)
        for value in values:
            try:
                ip_network(value, strict=False)
            except ValueError:
                raise ImproperlyConfigured(
                    f"{name} has {value!r}. It should be network addresses or networks, separated "
                    "by commas, such as 10.0.0.7,192.168.0.0/16."
                ) from None
        return values

    def mail_address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        _, address = parseaddr(value)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            raise ImproperlyConfigured(
                f"{name} is {value!r}. It should be a mail address, such as "
                "Example <site@example.org>."
            )
        return value

    def mail_server(self, name: str) -> MailServer | None:
        value = self.secret(name)
        if not value:
            return None
        parts = split_address(value)
        if parts is None or parts.scheme not in MAIL_PORTS:
            raise ImproperlyConfigured(
                f"{name} is not the address of a mail server. It should look like "
                "smtp+tls://user:password@mail.example.org:587."
            )
        return MailServer(
            host=parts.hostname or "",
            port=parts.port or MAIL_PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=parts.scheme == "smtps",
            starts_tls=parts.scheme == "smtp+tls",
        )

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Read a database address into Django's form.

        sqlite:////absolute/path, sqlite:///relative/path or
        postgres://user:password@host:port/name?option=value
        """
        value = self.secret(name, default)
        if value.startswith("sqlite:///") and value.strip("/") != "sqlite:":
            return sqlite_database(unquote(value.removeprefix("sqlite:///")))
        parts = split_address(value)
        if parts and parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path[1:]),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(parts.port or ""),
                "OPTIONS": dict(parse_qsl(parts.query)),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
            }
        raise ImproperlyConfigured(
            f"{name} is not a database address. It should look like sqlite:///var/candour.sqlite3 "
            "or postgres://user:password@host:5432/name."
        )


def split_address(value: str) -> SplitResult | None:
    """Return the parts of an address, or None where it has no host or its port is no number."""
    try:
        parts = urlsplit(value)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def is_origin(value: str) -> bool:
    parts = split_address(value)
    if parts is None or parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return False
    return value == f"{parts.scheme}://{parts.netloc}"


def sqlite_database(path: str) -> dict[str, Any]:
    """Return settings under which SQLite serves a real small site.

    WAL lets readers go on while one writer writes; immediate transactions take the write lock
    at BEGIN, where the busy time-out applies; a full sync keeps the promise that an answered
    write is on disk; secure_delete overwrites what is erased.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Opening the file anew for each request costs more than most requests do in it.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON; PRAGMA cache_size=-16000"
            ),
        },
    }
