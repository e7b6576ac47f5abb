from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import count

import pytest

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.screening import Submission
from tests.servers import akismet


@pytest.fixture
def write(post):
    """Have somebody write a comment, each from a network of its own unless it is named."""
    addresses = map(ip_address("192.0.2.7").__add__, count())

    def write(text="A kind word.", *, on=None, **fields):
        values = {"author_name": "Nora", "author_email": "nora@example.org",
                  "ip_address": str(next(addresses)), "user_agent": "Browser"}  # fmt: skip
        return submit_comment(
            NewComment(target_id=(on or post).pk, text=text, **{**values, **fields})
        )

    return write


@pytest.fixture
def discuss(db):
    """Change the discussion settings."""

    def change(**values):
        own = DiscussionSettings.load()
        for name, value in values.items():
            setattr(own, name, value)
        own.save()
        return own

    return change


@pytest.fixture
def trusting(discuss):
    """Let everybody's comments be seen at once."""
    return discuss(comment_previously_approved=False)


@pytest.fixture
def akismet_server(settings):
    with akismet.running() as server:
        settings.AKISMET_API_KEY = "123456789abc"
        settings.AKISMET_API_URL = server.url
        settings.AKISMET_BLOG_URL = "https://site.example"
        yield server


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Run a block as if its transaction were committed: queued tasks run at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def submission():
    return Submission(
        target_title="A post", target_link="https://site.example/post/", author_name="Nora",
        author_email="nora@example.org", author_url="", text="A kind word.",
        ip_address="192.0.2.7", user_agent="Browser", referrer="", language="en",
        submitted_at=datetime.now(UTC), form_age_seconds=30.0,
    )  # fmt: skip


def below_hidden(write):
    """Return a `write` whose replies may stand below a comment that has been hidden since."""

    def write_below(*args, **fields):
        parents = VisitorComment.objects.filter(pk=fields.get("parent_id", 0))
        states = dict(parents.values_list("pk", "status"))
        parents.update(status=Status.APPROVED)
        written = write(*args, **fields)
        for key, status in states.items():
            VisitorComment.objects.filter(pk=key).update(status=status)
        return written

    return write_below
