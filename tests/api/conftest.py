"""Clients of the API, and posts and pages in every status of WordPress."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from accounts.services import create_application_password
from pages.models import StandardPage
from pages.services.content import make_page

HIDDEN = ("draft", "pending", "private", "future", "scheduled", "trash")


@pytest.fixture
def in_status(home, make_post, editor):
    """Return a function that makes a post, or a page, in a status.

    future is live with a date to come; scheduled is Wagtail's schedule.
    """

    def make(status, title="Hidden words", *, kind="post", **fields):
        fields.setdefault("body", [("paragraph", "<p>Quokka text.</p>")])
        fields.setdefault("excerpt", "Quokka excerpt.")
        if kind == "post":
            entry = make_post(title, **fields)
        else:
            entry = make_page(home, StandardPage(title=title, author=editor, **fields), user=editor)
        put(entry, status)
        return entry

    return make


def put(entry, status):
    """Bring an entry that is published into a status, by Wagtail's own means."""
    rows = type(entry).objects.filter(pk=entry.pk)
    to_come = timezone.now() + timedelta(days=3)
    if status in ("private", "password"):
        kinds = {"private": PageViewRestriction.GROUPS, "password": PageViewRestriction.PASSWORD}
        PageViewRestriction.objects.create(
            page=entry, restriction_type=kinds[status], password="sesame"
        )
    elif status == "future":
        entry.published_at = to_come
        entry.save_revision().publish(skip_permission_checks=True)
    elif status == "scheduled":
        entry.unpublish()
        entry.go_live_at = to_come
        entry.save_revision().publish(skip_permission_checks=True)
    elif status != "publish":
        entry.unpublish()
        if status == "pending":
            rows.update(is_pending=True)
        if status == "trash":
            rows.update(trashed_at=timezone.now(), status_before_trash="draft")
    entry.refresh_from_db()


@pytest.fixture
def client_of():
    def make(user):
        password = create_application_password(user, "test")[1]
        token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
        return Client(headers={"Authorization": f"Basic {token}"})

    return make


@pytest.fixture
def as_editor(client_of, editor):
    return client_of(editor)


@pytest.fixture
def as_administrator(client_of, administrator):
    return client_of(administrator)
