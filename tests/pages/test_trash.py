"""The trash in the admin."""

import pytest
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from accounts.services import AUTHORS, CONTRIBUTORS, create_user
from pages.models import PostPage, StandardPage
from pages.services.content import make_page
from pages.services.writing import create_entry, trash_entry, update_entry
from pages.statuses import status_of

pytestmark = pytest.mark.django_db
TRASH = "/admin/trash/"


@pytest.fixture
def author(home):
    return create_user(username="author", email="author@example.org", password="pass",
                       groups=[AUTHORS])  # fmt: skip


@pytest.fixture
def contributor(home):
    return create_user(username="contributor", email="contributor@example.org", password="pass",
                       groups=[CONTRIBUTORS])  # fmt: skip


def test_post_goes_to_the_trash_and_comes_back_as_a_draft(signed_in, editor, post, visitor):
    client = signed_in(editor)
    slug, address = post.slug, post.path_of_its_own
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).content.decode()
    assert f"{TRASH}{post.pk}/" in edit
    assert client.get(f"{TRASH}{post.pk}/").status_code == 200
    assert status_of(post) == "publish"

    client.post(f"{TRASH}{post.pk}/")

    assert status_of(post) == "trash"
    assert visitor.get(address).status_code == 404
    listed = client.get(TRASH).content.decode()
    assert "A post" in listed
    assert client.get(f"{TRASH}{post.pk}/restore/").status_code == 405
    client.post(f"{TRASH}{post.pk}/restore/")
    post.refresh_from_db()
    assert (status_of(post), post.slug) == ("draft", slug)
    assert "The trash is empty." in client.get(TRASH).content.decode()


def test_only_what_is_in_the_trash_is_deleted_for_good(signed_in, editor, post):
    client = signed_in(editor)
    assert client.post(f"{TRASH}{post.pk}/delete/").status_code == 302
    assert PostPage.objects.filter(pk=post.pk).exists()
    trash_entry(post, user=editor)
    assert client.get(f"{TRASH}{post.pk}/delete/").status_code == 405

    client.post(f"{TRASH}{post.pk}/delete/")

    assert not PostPage.objects.filter(pk=post.pk).exists()


def test_each_sees_and_acts_on_what_is_theirs(signed_in, author, contributor, editor, journal,
                                              home):  # fmt: skip
    theirs = create_entry(PostPage, journal, user=editor, title="Of an editor")
    own = create_entry(PostPage, journal, user=contributor, title="Of a contributor")
    page = make_page(home, StandardPage(title="A page", slug="a-page"), user=editor)
    for entry in (theirs, own, page):
        trash_entry(entry, user=editor)

    shown = signed_in(contributor).get(TRASH).content.decode()

    assert "Of a contributor" in shown
    assert "Of an editor" not in shown
    for key in (theirs.pk, page.pk):
        for act in ("restore", "delete"):
            signed_in(contributor).post(f"{TRASH}{key}/{act}/")
            signed_in(author).post(f"{TRASH}{key}/{act}/")
    assert (status_of(theirs), status_of(page)) == ("trash", "trash")
    everything = signed_in(editor).get(TRASH).content.decode()
    assert all(each in everything for each in ("Of a contributor", "Of an editor", "A page"))


def test_members_and_moderators_have_no_trash(signed_in, moderator, stranger):
    assert signed_in(moderator).get(TRASH).status_code == 302
    assert signed_in(stranger).get(TRASH).status_code in {302, 403}


def test_authors_publish_their_own_in_the_admin_and_nothing_else(author, editor, contributor,
                                                                 journal):  # fmt: skip
    own = create_entry(PostPage, journal, user=author, title="Own", status="publish")
    other = create_entry(PostPage, journal, user=editor, title="Other", status="publish")
    draft = create_entry(PostPage, journal, user=contributor, title="Draft")

    rights = own.permissions_for_user(author)
    assert (rights.can_edit(), rights.can_publish(), rights.can_unpublish()) == (True,) * 3
    rights = other.permissions_for_user(author)
    assert (rights.can_edit(), rights.can_publish(), rights.can_unpublish()) == (False,) * 3
    rights = draft.permissions_for_user(contributor)
    assert (rights.can_edit(), rights.can_publish()) == (True, False)
    assert other.permissions_for_user(editor).can_publish()
    assert draft.permissions_for_user(editor).can_publish()
    assert not journal.permissions_for_user(contributor).can_edit()


def test_draft_without_a_slug_is_offered_one_in_the_admin(signed_in, editor, journal):
    draft = create_entry(PostPage, journal, user=editor, title="Some words")

    form = signed_in(editor).get(reverse("wagtailadmin_pages:edit", args=[draft.pk]))

    assert 'value="some-words"' in form.content.decode()


@pytest.fixture
def workflow(home, editor):
    task = GroupApprovalTask.objects.create(name="Approval")
    task.groups.set(editor.groups.all())
    workflow = Workflow.objects.create(name="Approval")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=home)
    return workflow


def test_what_waits_for_approval_is_pending_until_it_is_decided(workflow, contributor, editor,
                                                                journal):  # fmt: skip
    draft = create_entry(PostPage, journal, user=contributor, title="Please")

    workflow.start(draft, contributor)
    assert status_of(draft) == "pending"
    assert PostPage.objects.get(pk=draft.pk).get_latest_revision_as_object().is_pending
    draft.current_workflow_state.cancel(user=editor)
    assert status_of(draft) == "draft"

    draft.refresh_from_db()
    workflow.start(draft, contributor)
    draft.current_workflow_task_state.approve(user=editor)
    assert status_of(draft) == "publish"
    assert PostPage.objects.get(pk=draft.pk).slug == "please"


def test_draft_again_ends_the_wait_for_approval(workflow, contributor, editor, journal):
    draft = create_entry(PostPage, journal, user=contributor, title="Please")
    workflow.start(draft, contributor)
    assert status_of(draft) == "pending"

    update_entry(draft, user=editor, status="draft")

    draft.refresh_from_db()
    assert draft.current_workflow_state is None
    assert status_of(draft) == "draft"
