"""Personal data: what each room or plugin holds about a person, and how it goes.

The privacy room resolves a person's identities once, freezes the keys in a plan, and then
exports or erases through these providers; a provider never decides whose data it is twice.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
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
    `user_id` is set only when the account itself is proven, or had the address when a mailbox
    proved that. `cancels_account` is set where that account itself is to go: what is kept for as
    long as it is open is then named by keys of their own, and goes as well.
    """

    email: str
    user_id: int | None = None
    cancels_account: bool = False


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
    """What one erasure step did to the keys it was given.

    `recipients` names who outside of the site had been sent some of it: an erasure ends here, and
    sends them nothing more.
    """

    removed: int
    retained: tuple[Retained, ...] = field(default=())
    recipients: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Recipient:
    """Somebody outside of the site to whom it may send data, and how a person reaches them.

    `name` is what is stored with each copy (GDPR, articles 15, paragraph 1(c), and 19).
    """

    identifier: str
    name: str
    contact: str


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


@runtime_checkable
class Foreseeing(Protocol):
    """A provider that may retain something, and says what before anything is erased.

    exceptions  what `erase` would retain of these keys if it were called now. Writes nothing.
    """

    def exceptions(self, keys: Sequence[str]) -> Iterable[Retained]: ...


@runtime_checkable
class Restrictable(Protocol):
    """A provider whose data can be kept and yet used for nothing (GDPR, articles 18 and 21).

    restrict   keeps the data and stops every use: it is shown to nobody, judged by nothing, sent
               nowhere and learnt from by nothing. Returns how many things it stopped.
    lift       ends that, and puts everything back where it was. Returns how many came back.

    Each in its own transaction; called again with the same keys they change nothing.
    """

    def restrict(self, keys: Sequence[str]) -> int: ...

    def lift(self, keys: Sequence[str]) -> int: ...


@runtime_checkable
class Objectionable(Protocol):
    """A provider that uses data on the ground of legitimate interests, which a person may end.

    object_to  stops that use for good, and keeps the data for what it is needed for otherwise.
               In its own transaction; called again it changes nothing. Returns how many things
               it stopped.
    """

    def object_to(self, keys: Sequence[str]) -> int: ...


@runtime_checkable
class Correctable(Protocol):
    """A provider whose data an officer can correct for a person (GDPR, article 16).

    correctable  the names of the fields that can be, each with what a person calls it.
    correct      sets some of these fields behind the keys; CMSError where a value cannot be. In
                 its own transaction; called again it changes nothing. Returns how many changed.
    """

    correctable: Mapping[str, str | Promise]

    def correct(self, keys: Sequence[str], values: Mapping[str, str]) -> int: ...


class Condition(StrEnum):
    """The conditions under which an account may be cancelled, as a cancellation notice lists them.

    They are the same on every site; a site that has no balances has nothing that blocks by one.
    """

    ASSETS = "assets"
    ORDERS = "orders"
    SHOP = "shop"
    COMPLAINTS = "complaints"
    PAYMENT = "payment"
    BINDINGS = "bindings"
    FROZEN = "frozen"
    REAL_NAME = "real_name"


@dataclass(frozen=True)
class Blocker:
    """What keeps an account from being cancelled, and what its owner can do about it.

    `message` says what there is, `remedy` what to do, `url` where; `count` how many there are.
    """

    condition: Condition
    code: str
    message: str | Promise
    remedy: str | Promise
    url: str = ""
    count: int = 1


class AccountBlockers(Protocol):
    """What one subject knows of the conditions for cancelling an account.

    blockers  what stands in the way of a subject, whose `user_id` is set. Reads only.
    """

    identifier: str

    def blockers(self, subject: Subject) -> Iterable[Blocker]: ...


personal_data_providers: Registry[PersonalDataProvider] = Registry("personal data provider")
account_blockers: Registry[AccountBlockers] = Registry("what blocks a cancellation")
recipients: Registry[Recipient] = Registry("recipient of data")


def contact_of(name: str) -> str:
    """Return how a recipient is reached, "" for one that nobody has registered."""
    return next((each.contact for each in recipients if each.name == name), "")


def blockers_of(subject: Subject) -> list[Blocker]:
    """Return everything that stands in the way of ending a subject's account.

    A registered answer that raises is raised: nothing that cannot be undone is done on half of
    the answers.
    """
    return [each for extension in account_blockers for each in extension.blockers(subject)]


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
