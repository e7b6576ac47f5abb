"""Several writers at once: each takes its turn, and nothing of a refused one stays."""

import threading

import pytest
from django.db import connection, connections
from wagtail.models import Page, Revision

from pages.errors import CMSError
from pages.models import PostIndexPage, PostPage
from pages.services.writing import create_entry, delete_entry, trash_entry, update_entry
from pages.statuses import status_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shared_database():
    if connection.vendor == "sqlite":
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")


def at_once(*works):
    """Do the works in a thread each, begun together; return what they raised."""
    start, raised = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except CMSError as error:
            raised.append(error.code)
        except Exception as error:
            raised.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_same_title_published_at_once_makes_one_slug_each(journal, editor):
    def write():
        parent = PostIndexPage.objects.get(pk=journal.pk)
        create_entry(PostPage, parent, user=editor, title="Same", status="publish")

    assert at_once(*[write] * 4) == []
    assert sorted(PostPage.objects.values_list("slug", flat=True)) == [
        "same", "same-2", "same-3", "same-4",
    ]  # fmt: skip
    assert Page.find_problems() == ([], [], [], [], [])


def test_changes_of_two_fields_are_both_kept(post, editor):
    before = Revision.objects.count()

    raised = at_once(
        lambda: update_entry(post, user=editor, title="New title"),
        lambda: update_entry(post, user=editor, excerpt="New excerpt"),
        lambda: update_entry(post, user=editor, menu_order=7),
    )

    stored = PostPage.objects.get(pk=post.pk)
    assert raised == []
    assert (stored.title, stored.excerpt, stored.menu_order) == ("New title", "New excerpt", 7)
    assert Revision.objects.count() == before + 3


def test_trashing_twice_at_once_is_done_once(post, editor):
    raised = at_once(*[lambda: trash_entry(post, user=editor)] * 3)

    assert raised == ["rest_already_trashed"] * 2
    stored = PostPage.objects.get(pk=post.pk)
    assert status_of(stored) == "trash"
    assert stored.status_before_trash == "publish"


def test_post_that_is_deleted_meanwhile_is_not_written(post, editor):
    raised = at_once(
        lambda: delete_entry(post, user=editor),
        lambda: update_entry(post, user=editor, title="Too late, or just in time"),
    )

    assert not PostPage.objects.filter(pk=post.pk).exists()
    assert all("DoesNotExist" in each for each in raised)
    assert not Revision.objects.filter(object_id=str(post.pk)).exists()
