"""The data inventory: what each field of each table is, why it is kept, who exports and erases it.

Rooms and plugins declare their own tables and those of the packages they brought in. The record of
processing, the public tables of cookies and periods, and the checks that nothing is left
unclassified are generated from it by the privacy room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from core.extensions.registry import RegistrationError, Registry


class PrivacyClass(StrEnum):
    """What a personal field tells of a person."""

    IDENTITY = "identity"  # a name, or a link to an account
    CONTACT = "contact"  # an address under which a person is reached
    CONTENT = "content"  # what a person wrote or uploaded, or what was written about them
    NETWORK = "network"  # network address, browser, page a visitor came from
    CONDUCT = "conduct"  # what a person did and when, and what was decided about it
    PREFERENCE = "preference"  # how a person wants things
    CREDENTIAL = "credential"  # what opens an account, hashed or not
    PSEUDONYM = "pseudonym"  # a keyed or random stand-in for a person


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One activity of processing, as GDPR, article 30, asks for it: a line of the record.

    `subjects` says whose data it is, `recipients` who else gets it ("" for nobody). The period is
    said by `retention`; `facts` names the policy facts that hold its numbers, so that the record
    and the running settings cannot differ.
    """

    identifier: str
    verbose_name: str | Promise
    purpose: str | Promise
    legal_basis: str | Promise
    subjects: str | Promise
    retention: str | Promise
    facts: tuple[str, ...] = ()
    recipients: str | Promise = ""


@dataclass(frozen=True)
class Provider:
    """The personal data provider that answers for a field."""

    identifier: str


@dataclass(frozen=True)
class Task:
    """The periodic task, by its dotted name, that ends a field by the clock."""

    path: str


@dataclass(frozen=True)
class Nobody:
    """That nobody answers for a field, and why that is right."""

    reason: str


Answer = Provider | Task | Nobody


@dataclass(frozen=True)
class Personal:
    """A field that holds personal data. `exported` is never a Task."""

    privacy_class: PrivacyClass
    activity: str
    exported: Answer
    erased: Answer


@dataclass(frozen=True)
class Harmless:
    """A field that holds no personal data, and why."""

    reason: str


Use = Personal | Harmless
Group = Mapping[str, Use]


def personal(
    fields: str, privacy_class: PrivacyClass, activity: str, *, exported: Answer, erased: Answer
) -> Group:
    """Classify several fields, separated by spaces, alike."""
    return dict.fromkeys(fields.split(), Personal(privacy_class, activity, exported, erased))


def harmless(fields: str, reason: str) -> Group:
    """Say of several fields, separated by spaces, why they hold nothing personal."""
    return dict.fromkeys(fields.split(), Harmless(reason))


class DataTable:
    """What the fields of one table are. `identifier` is the model's label in lower case.

    Fields are those that the table itself has, by their model names; a row's own automatic number
    and the link of a child to its parent's row need no word. RegistrationError where a field is
    classified twice.
    """

    def __init__(self, identifier: str, *groups: Group) -> None:
        self.identifier = identifier
        self.fields: dict[str, Use] = {}
        for group in groups:
            if twice := self.fields.keys() & group.keys():
                raise RegistrationError(f"{identifier}: classified twice: {sorted(twice)}.")
            self.fields.update(group)


@dataclass(frozen=True, kw_only=True)
class CookieUse:
    """Cookies or storage entries that an answer may set.

    `store` is cookie, local (localStorage) or session (sessionStorage). `names` and `days` are
    asked when the table is shown: settings decide them. `days` None ends with the browser's
    session, or with what the purpose says. What `needs_consent` waits for a choice of the visitor.
    """

    identifier: str
    purpose: str | Promise
    names: Callable[[], tuple[str, ...]]
    days: Callable[[], int | None] = field(default=lambda: None)
    needs_consent: bool = False
    store: str = "cookie"


data_tables: Registry[DataTable] = Registry("inventoried table")
activities: Registry[Activity] = Registry("activity of processing")
cookie_uses: Registry[CookieUse] = Registry("use of cookies")
