"""WordPress's statuses of entries."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from pages.models import PostPage
from pages.statuses import with_status

pytestmark = pytest.mark.django_db


def status_of(post):
    return with_status(PostPage.objects.filter(pk=post.pk)).get().status


def test_live_post_is_published(post):
    assert status_of(post) == "publish"


def test_live_post_with_a_date_to_come_is_future(make_post):
    assert status_of(make_post(published_at=timezone.now() + timedelta(days=1))) == "future"


def test_post_with_a_schedule_is_future(post):
    post.unpublish()
    post.go_live_at = timezone.now() + timedelta(days=1)
    post.save_revision().publish(skip_permission_checks=True)
    assert status_of(post) == "future"


def test_post_that_is_not_live_is_a_draft_or_waits(post):
    post.unpublish()
    assert status_of(post) == "draft"
    PostPage.objects.filter(pk=post.pk).update(is_pending=True)
    assert status_of(post) == "pending"


def test_restriction_to_groups_makes_a_post_private_also_from_above(post, journal):
    restriction = PageViewRestriction.objects.create(
        page=post, restriction_type=PageViewRestriction.GROUPS
    )
    assert status_of(post) == "private"
    restriction.page = journal
    restriction.save()
    assert status_of(post) == "private"


def test_password_protects_and_leaves_the_status(post):
    PageViewRestriction.objects.create(
        page=post, restriction_type=PageViewRestriction.PASSWORD, password="open"
    )
    found = with_status(PostPage.objects.filter(pk=post.pk)).get()
    assert (found.status, found.is_protected) == ("publish", True)


def test_trash_ends_with_publication(post):
    post.unpublish()
    PostPage.objects.filter(pk=post.pk).update(
        trashed_at=timezone.now(), status_before_trash="draft"
    )
    assert status_of(post) == "trash"
    post.refresh_from_db()
    post.save_revision().publish(skip_permission_checks=True)
    assert status_of(post) == "publish"
    post.refresh_from_db()
    assert (post.trashed_at, post.status_before_trash) == (None, "")
