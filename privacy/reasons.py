"""Why a request stands where it stands: stable codes, and what they say to its person."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Ground(TextChoices):
    """On which ground an officer refuses a request (GDPR, articles 11, 12, 17, 18 and 21)."""

    STATED = "stated_in_answer", gettext_lazy("As the answer says")
    NOT_PROVEN = "identity_not_proven", gettext_lazy("It was not proven who asks")
    NO_AUTHORITY = "authority_not_proven", gettext_lazy("It was not proven that they may ask")
    NOTHING_HELD = "nothing_held", gettext_lazy("Nothing of the kind is held")
    EXCESSIVE = "excessive", gettext_lazy("The request is unfounded or excessive")
    LEGAL_DUTY = "legal_duty", gettext_lazy("A law asks us to keep or use the data")
    LEGAL_CLAIMS = "legal_claims", gettext_lazy("The data is needed for legal claims")
    EXPRESSION = "expression", gettext_lazy("Freedom of expression and information prevails")
    OVERRIDING = "overriding_interest", gettext_lazy("Compelling legitimate interests prevail")
    ACCURATE = "accurate", gettext_lazy("The data was found to be right")


class Delay(TextChoices):
    """Why the time for an answer is extended (GDPR, article 12, paragraph 3)."""

    COMPLEX = "complex", gettext_lazy("The request is complex")
    MANY = "many_requests", gettext_lazy("There are many requests")


def said(reasons: Iterable[str]) -> list[str]:
    """Return what reasons say, in the current language; of an unknown code nothing."""
    sentences = {
        "not_confirmed": _("Nobody confirmed it in time."),
        "too_many": _("Too many requests were made."),
        "joined": _("It joined another request for the same."),
        "withdrawn": _("It was withdrawn."),
        "erased": _("The data it was about has been erased."),
        "restored": _("It was undone by a backup. Please ask again."),
        "answered_by_officer": _("A person has answered it by mail."),
        "exceptions_ended": _("What had to be kept has been erased as well."),
        "held_back": _("The account is kept until what stands in the way of its end is settled."),
    }
    sentences.update({ground.value: f"{ground.label}." for ground in Ground})
    found = [sentences[code] for code in reasons if code in sentences]
    failed = [code for code in reasons if code.startswith("failed:")]
    if failed:
        found.append(_("A part could not be done yet. It is tried again."))
    return found
