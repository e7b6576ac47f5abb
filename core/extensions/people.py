"""People as others may see them: public authors, avatars, capabilities and authenticators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError
from core.extensions.registry import Registry, Slot


@dataclass(frozen=True)
class PublicAuthor:
    """An account as the public sees it; `slug` is never the name used to sign in."""

    id: int
    name: str
    slug: str
    description: str
    link: str


class PublicAuthors(Protocol):
    """Looks authors up without a query per row; an account that is gone is left out."""

    def get_many(self, user_ids: Iterable[int]) -> Mapping[int, PublicAuthor]: ...

    def by_slug(self, slug: str) -> PublicAuthor | None: ...


class Avatars(Protocol):
    """Gives the address of a picture that the site draws itself from a public name."""

    def url(self, name: str, *, size: int) -> str: ...


class Capabilities(Protocol):
    """Maps an account to WordPress's capability names, such as moderate_comments.

    groups_with  the keys of the groups whose members have a capability by that membership.
    """

    def of(self, user: Any) -> frozenset[str]: ...

    def groups_with(self, capability: str) -> Sequence[int]: ...


@dataclass(frozen=True)
class Recipient:
    """An account to which mail can be sent; `language` is empty where none was chosen."""

    user_id: int
    email: str
    language: str = ""


class Recipients(Protocol):
    """The people who are told what concerns everybody: active accounts with an address.

    after     the next ones by the number of their account, at most `limit`: 100,000 people are
              walked in batches that need no offset.
    get_many  those of these accounts who can still be told; the others are left out.
    by_email  the account that has an address, whatever its case; an inactive one is found too.
    having    the numbers of the accounts that have these addresses, by the address; addresses are
              in the form that core.extensions.personal_data.normalise_address returns.
    """

    def count(self) -> int: ...

    def after(self, user_id: int, limit: int) -> Sequence[Recipient]: ...

    def get_many(self, user_ids: Iterable[int]) -> Mapping[int, Recipient]: ...

    def by_email(self, email: str) -> Recipient | None: ...

    def having(self, emails: Iterable[str]) -> Mapping[str, int]: ...


class VerifiedAddresses(Protocol):
    """Tells whether an account has answered from a mailbox, so that the address is proven."""

    def is_verified(self, user_id: int, email: str) -> bool: ...


@dataclass(frozen=True)
class AgeStanding:
    """What of an account's age others have to keep to; of an adult's there is nothing.

    `awaits` is "guardian" while no guardian has agreed, "self" from the coming of age until the
    person has agreed for themselves, and "" where nothing is missing: meanwhile the account does
    nothing that needs agreement. `is_child` is set under 14: nothing of theirs is published by
    itself, and they are shown as `shown_name`.
    """

    awaits: str = ""
    is_child: bool = False
    shown_name: str = ""


class AgreementAwaitedError(CMSError):
    """An account does what needs agreement, and who has to agree has not."""

    code = "age_agreement_awaited"
    message = _("A guardian has to agree first. Your account says how.")

    @classmethod
    def of(cls, standing: AgeStanding) -> "AgreementAwaitedError":
        """Return the error for what is awaited."""
        if standing.awaits == "self":
            return cls(_("You are of age now: agree for yourself first, in your account."))
        return cls()


class Minors(Protocol):
    """Tells of accounts whose owner is under age.

    standing  of one account, in one query.
    children  the numbers of the accounts of those under 14; may be a lazy query.
    """

    def standing(self, user_id: int) -> AgeStanding: ...

    def children(self) -> Iterable[int]: ...


class Authenticator(Protocol):
    """Recognises a REST client.

    Answers None where its kind of credentials is absent, and raises
    core.rest.errors.RestError where they are wrong.
    """

    identifier: str

    def authenticate(self, request: HttpRequest) -> Any | None: ...


public_authors: Slot[PublicAuthors] = Slot("public authors")
avatars: Slot[Avatars] = Slot("avatars")
capabilities: Slot[Capabilities] = Slot("capabilities")
verified_addresses: Slot[VerifiedAddresses] = Slot("verified addresses")
minors: Slot[Minors] = Slot("the ages of accounts")
notice_recipients: Slot[Recipients] = Slot("the people who are told")
authenticators: Registry[Authenticator] = Registry("authenticator")
