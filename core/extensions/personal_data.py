"""Personal data: what each room or plugin holds about a person, and how it goes.

The privacy room resolves a person's identities once, freezes the keys in a plan, and then
exports or erases through these providers; a provider never decides whose data it is twice.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

import idna
from django.utils.functional import Promise

from core.extensions.registry import Registry

# RFC 5321, 4.5.3.1.3, less the angle brackets.
LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Subject:
    """A person, as far as they are proven.

    `email` is what normalise_address returns.
    `user_id` is set only when the account itself is proven.
    """

    email: str
    user_id: int | None = None


@dataclass(frozen=True)
class ExportedItem:
    """One thing held about a person. `data` is JSON-ready and has the field names as keys."""

    key: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Retained:
    """What an erasure leaves, and by what right. `expires_on` is when it goes as well."""

    key: str
    code: str
    legal_basis: str | Promise
    expires_on: date | None


@dataclass(frozen=True)
class Erasure:
    """What one erasure step did to the keys it was given."""

    removed: int
    retained: tuple[Retained, ...] = field(default=())


class PersonalDataProvider(Protocol):
    """One kind of personal data: its exporter and its eraser in one class.

    identities  every key held about the subject at this moment, in a stable order. Keys are
                natural and survive a restore; the whole set is streamed, never paged by offset.
    export      the data behind the keys, in the order of the keys; a key that is gone is left
                out. Nobody else's data is among it.
    erase       removes or anonymises the data behind the keys in its own transaction; called
                again with the same keys it changes nothing and raises nothing.
    """

    identifier: str
    verbose_name: str | Promise

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]: ...

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]: ...

    def erase(self, keys: Sequence[str]) -> Erasure: ...


@runtime_checkable
class Anonymisable(Protocol):
    """A provider of texts that can stay without their author, where a person chose that.

    anonymise  as `erase`, but what others read stays, under nobody's name. Who chose it was warned
               that a text may still tell whose it is.
    """

    def anonymise(self, keys: Sequence[str]) -> Erasure: ...


personal_data_providers: Registry[PersonalDataProvider] = Registry("personal data provider")


def normalise_address(address: str) -> str:
    """Return a mail address in the one form under which a person is found.

    Case, Unicode compatibility forms (NFKC) and IDN are levelled; dots and plus parts are kept,
    since for most mail systems they are other people. Every provider compares with this form.
    Raises ValueError for what is no address; the error does not quote it.
    """
    text = unicodedata.normalize("NFKC", address).strip()
    local, _, domain = text.rpartition("@")
    if not local or not domain or len(text) > LONGEST_ADDRESS or any(map(str.isspace, text)):
        raise ValueError("not a mail address")
    try:
        ascii_domain = idna.encode(domain.lower(), uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("not a mail address") from None
    return f"{local.lower()}@{ascii_domain}"
