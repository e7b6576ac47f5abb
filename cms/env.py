"""Reading the environment, loudly: a wrong value stops the start with a sentence."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


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

    def integer(self, name: str, default: int, *, minimum: int = 0) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"-?\d+", value) or int(value) < minimum:
            raise ImproperlyConfigured(
                f"{name} is {value!r}. It should be a whole number of at least {minimum}."
            )
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
        if value:
            parts = urlsplit(value)
            if parts.scheme not in schemes or not parts.netloc:
                raise ImproperlyConfigured(
                    f"{name} is {value!r}. It should be an address that begins with "
                    + " or ".join(f"{scheme}://" for scheme in schemes)
                    + "."
                )
        return value.rstrip("/")

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Read a database address into Django's form.

        sqlite:////absolute/path, sqlite:///relative/path or
        postgres://user:password@host:port/name?option=value
        """
        value = self.secret(name, default)
        parts = urlsplit(value)
        if parts.scheme == "sqlite" and parts.path.strip("/"):
            return sqlite_database(unquote(parts.path[1:]))
        if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
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
