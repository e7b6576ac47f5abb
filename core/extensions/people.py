"""People as others may see them: public authors, avatars, capabilities and authenticators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

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
    """Maps an account to WordPress's capability names, such as moderate_comments."""

    def of(self, user: Any) -> frozenset[str]: ...


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
authenticators: Registry[Authenticator] = Registry("authenticator")
