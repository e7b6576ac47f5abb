"""What of WordPress's settings the comments room answers for."""

from comments.models import DiscussionSettings
from core.rest.settings import RestSetting


def read_status() -> str:
    return "open" if DiscussionSettings.load().default_comment_status else "closed"


def write_status(value: str) -> None:
    own = DiscussionSettings.load()
    own.default_comment_status = value == "open"
    own.save()


SETTINGS = (
    RestSetting("default_comment_status", read_status, write_status),
    # Links from other sites are taken over from an import and never received.
    RestSetting("default_ping_status", lambda: "closed"),
)
