import pytest

from comments.models import DiscussionSettings
from comments.services import NewComment, submit_comment
from tests.servers import akismet


@pytest.fixture
def write(post):
    """Have somebody write a comment."""

    def write(text="A kind word.", *, on=None, **fields):
        values = {"author_name": "Nora", "author_email": "nora@example.org",
                  "ip_address": "192.0.2.7", "user_agent": "Browser"}  # fmt: skip
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
