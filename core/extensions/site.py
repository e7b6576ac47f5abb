"""Site identity and frame: what every page and answer says of the site as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.extensions.registry import Slot


@dataclass(frozen=True)
class SiteIdentity:
    """Name, tagline, whole address without a closing slash, IANA time zone and language."""

    name: str
    tagline: str
    url: str
    timezone: str
    language: str


class SiteProvider(Protocol):
    """Answers from memory while the page generation is unchanged.

    frame  what the base template shows around each page in one language: site, menu,
           policies, languages, feed_url, and the address to which who is under 14 can write
           (children_contact). It holds nothing personal.
    """

    def identity(self) -> SiteIdentity: ...

    def frame(self, language: str) -> Mapping[str, Any]: ...


site_provider: Slot[SiteProvider] = Slot("the site's identity")
