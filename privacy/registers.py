"""Public registers, generated from the running configuration: cookies and periods of keeping."""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.extensions.cart import cart_provider
from core.extensions.policies import policy_facts

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Cookie:
    """One cookie: what for, for how long, and whether it waits for a visitor's consent."""

    name: str
    purpose: str
    days: int | None
    needs_consent: bool


def cookies() -> list[Cookie]:
    """Return every cookie that an answer of this site may set, and what its pages keep in the
    browser's storage; `days` None ends with the browser's session, or with what it stands for."""
    found = [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("Keeps an account signed in."),
            settings.SESSION_COOKIE_AGE // SECONDS_PER_DAY,
            needs_consent=False,
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("Protects the forms of signed-in people from other sites."),
            settings.CSRF_COOKIE_AGE // SECONDS_PER_DAY if settings.CSRF_COOKIE_AGE else None,
            needs_consent=False,
        ),
    ]
    if cart_provider.is_filled():
        days = policy_facts.get("cart.days")
        found.append(
            Cookie(
                cart_provider.get().cookie_name,
                _("Finds the cart again."),
                int(days.value()) if days else None,
                needs_consent=False,
            )
        )
    remembered = policy_facts.get("comments.cookie_days")
    if remembered is not None:
        purposes = {
            "comment_author": _("Fills in the name of your next comment, if you ticked the box."),
            "comment_author_email": _(
                "Fills in the address of your next comment, if you ticked the box."
            ),
            "comment_author_url": _(
                "Fills in the website of your next comment, if you ticked the box."
            ),
            "comment_author_key": _(
                "Tells that you are the same author again, if you ticked the box."
            ),
        }
        for name, purpose in purposes.items():
            found.append(Cookie(name, purpose, int(remembered.value()), needs_consent=True))
        kept = {
            "candour-draft-…": _(
                "Keeps what you are writing until it is sent. It stays in your browser."
            ),
            "candour-reactions": _(
                "Shows which comments you reacted to. It stays in your browser."
            ),
            "candour-own-comments": _(
                "Lets you change or withdraw your comment for a while, until you close the page."
            ),
        }
        found += [
            Cookie(name, purpose, None, needs_consent=False) for name, purpose in kept.items()
        ]
    return found


def cookie_register() -> list[dict[str, Any]]:
    """Return the register as JSON-ready rows."""
    return [asdict(cookie) for cookie in cookies()]


def retention_register() -> list[dict[str, Any]]:
    """Return every promised period, read from the running configuration."""
    return [
        {
            "identifier": fact.identifier,
            "name": str(fact.verbose_name),
            "value": fact.value(),
            "unit": fact.unit,
        }
        for fact in policy_facts
        if fact.unit in {"hours", "days", "months", "years"}
    ]
