"""Policies made for tests."""

from pages.services.policies import publish_policy


def clause(text, heading="1. First"):
    return {"heading": heading, "level": 2, "html": f"<p>{text}</p>"}


def publish_at(home, text="Words.", *, parent=None, **fields):
    """Publish a policy of one clause below the home page; the same title makes a version more."""
    values = {"kind": "privacy", "title": "Privacy policy", "summary": "Something changed."}
    return publish_policy(parent=parent or home, clauses=[clause(text)], **{**values, **fields})
