"""Several writers at once: each takes its turn, and nothing of a refused one stays."""

import threading
from functools import partial

import pytest
from django.db import connection, connections
from wagtail.models import Page, Revision

from accounts.services import create_user, update_user
from media.models import SiteDocument
from media.services import store_document
from pages.errors import CMSError
from pages.models import PostIndexPage, PostPage, ReusableBlock, Tag
from pages.services.reusable_blocks import save_block, trash_block
from pages.services.terms import create_term, delete_term, update_term
from pages.services.writing import create_entry, delete_entry, trash_entry, update_entry
from pages.statuses import status_of
from tests.media.test_ways_in import pdf_with_secrets

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


def test_changes_of_two_fields_of_a_reusable_block_are_both_kept(home):
    key = save_block(ReusableBlock(status="publish"), title="Tea", raw_content="a").pk
    works = (partial(save_block, title="New"), partial(save_block, raw_content="b"), trash_block)

    assert at_once(*[partial(work, ReusableBlock.objects.get(pk=key)) for work in works]) == []
    stored = ReusableBlock.objects.get(pk=key)
    assert (stored.title, stored.raw_content) == ("New", "b")
    assert stored.status == "trash"


def test_same_term_made_at_once_is_one(home):
    raised = at_once(*[lambda: create_term("post_tag", name="Tea")] * 4)

    assert raised == ["term_exists"] * 3
    assert Tag.objects.get().slug == "tea"


def test_term_that_is_deleted_meanwhile_is_not_written(home):
    for _ in range(3):
        key = create_term("post_tag", name="Tea").pk
        works = [delete_term, *[partial(update_term, description=word) for word in "abcdef"]]

        raised = at_once(*[partial(work, Tag.objects.get(pk=key)) for work in works])
        assert all("DoesNotExist" in each for each in raised)
        assert not Tag.objects.exists()


def test_same_slug_wanted_at_once_gets_numbers(home):
    names = ("Tea", "Tea!", "Tea?", "Tea.")

    assert at_once(*[partial(create_term, "post_tag", name=name) for name in names]) == []
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["tea", "tea-2", "tea-3", "tea-4"]


def test_same_slug_changed_to_at_once_is_one_terms(home):
    terms = [create_term("category", name=f"Term {n}") for n in range(4)]

    raised = at_once(*[partial(update_term, term, slug="tea") for term in terms])

    assert raised == ["duplicate_term_slug"] * 3


def test_same_address_taken_at_once_is_one_accounts(home):
    users = [create_user(username=f"u{n}", email=f"u{n}@example.org", password="pass")
             for n in range(4)]  # fmt: skip

    raised = at_once(*[partial(update_user, user, email="one@example.org") for user in users])

    assert raised == ["existing_user_email"] * 3


def test_files_of_one_name_stored_at_once_all_stay(home, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    assert at_once(*[lambda: store_document(pdf_with_secrets(), name="paper.pdf")] * 4) == []
    assert SiteDocument.objects.filter(slug__startswith="paper").count() == 4
