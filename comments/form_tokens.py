"""Form tokens: when a form was fetched, for which target. Their lack is only mild evidence."""

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature
from django.utils import timezone

from core.tokens import sign, unsign

PURPOSE = "comment-form"
LIFE = timedelta(hours=24)


def make_form_token(target_id: int) -> tuple[str, datetime]:
    """Return a signed token for a target and when it ends."""
    now = timezone.now()
    return sign(PURPOSE, [target_id, now.timestamp()]), now + LIFE


def age_of(token: str, target_id: int) -> float | None:
    """Return how old a form is in seconds, or None where its token is missing or not for it."""
    if not token:
        return None
    try:
        meant, issued = unsign(PURPOSE, token, max_age_seconds=LIFE.total_seconds())
    except (BadSignature, ValueError, TypeError):
        return None
    if meant != target_id:
        return None
    return (timezone.now() - datetime.fromtimestamp(issued, UTC)).total_seconds()
