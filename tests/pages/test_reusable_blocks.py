"""Reusable blocks in the admin: what an editor writes there is stored as by every other way."""

import base64

import pytest
from django.contrib.admin.utils import quote
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.services import create_application_password
from pages.block_editor.keeping import set_raw
from pages.models import ReusableBlock
from pages.services.reusable_blocks import save_block

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, editor):
    return signed_in(editor)


@pytest.fixture
def as_rest(editor):
    password = create_application_password(editor, "test")[1]
    token = base64.b64encode(f"{editor.username}:{password}".encode()).decode()
    return Client(headers={"Authorization": f"Basic {token}"})


def change(desk, block, **fields):
    given = {"title": block.title, "raw_content": block.raw_content, "status": block.status,
             "slug": block.slug} | fields  # fmt: skip
    answer = desk.post(reverse("reusable_block:edit", args=[quote(block.pk)]), given)
    assert answer.status_code == 302, answer.context["form"].errors
    block.refresh_from_db()


def test_editor_adds_a_block_that_texts_show(desk):
    answer = desk.post(
        reverse("reusable_block:add"),
        {"title": "Opening hours", "raw_content": "<p>Nine</p>", "status": "publish", "slug": ""},
    )

    assert answer.status_code == 302
    block = ReusableBlock.objects.get()
    assert (block.title, block.slug) == ("Opening hours", "opening-hours")
    assert ReusableBlock.texts_of([block.pk]) == {block.pk: "<p>Nine</p>"}


def test_change_reaches_the_posts_that_show_the_block(
    desk, post, django_capture_on_commit_callbacks
):
    block = save_block(ReusableBlock(), title="Hours", raw_content="<p>Nine</p>")
    set_raw(post, f'<!-- wp:block {{"ref":{block.pk}}} /-->')
    post.save()

    with django_capture_on_commit_callbacks(execute=True):
        change(desk, block, raw_content="<p>Ten</p><script>x</script>")

    post.refresh_from_db()
    assert "Ten" in post.rendered_body
    page = desk.get(reverse("reusable_block:edit", args=[quote(block.pk)])).content.decode()
    assert "<script>x" not in page


def test_trash_takes_the_slug_away_and_gives_it_back(desk):
    block = save_block(ReusableBlock(), title="Hours")

    change(desk, block, status="trash")
    assert block.slug == "hours__trashed"
    change(desk, block, status="draft")
    assert block.slug == "hours"


def test_what_is_done_over_rest_stands_in_the_history(desk, as_rest, editor):
    made = as_rest.post("/wp-json/wp/v2/blocks", {"title": "Note"}, "application/json").json()
    path = f"/wp-json/wp/v2/blocks/{made['id']}"
    as_rest.post(path, {"title": "News"}, "application/json")
    as_rest.delete(path)

    entries = ModelLogEntry.objects.filter(object_id=str(made["id"])).order_by("pk")
    assert list(entries.values_list("action", "user_id")) == [
        (action, editor.pk) for action in ("wagtail.create", "wagtail.edit", "pages.trash")
    ]
    history = desk.get(reverse("reusable_block:history", args=[quote(made["id"])]))
    assert "Moved to the trash" in history.content.decode()


def test_list_shows_titles_and_statuses_to_editors_alone(desk, signed_in, moderator):
    save_block(ReusableBlock(), title="Hours", status="draft")

    listed = desk.get(reverse("reusable_block:index")).content.decode()

    assert "Hours" in listed
    assert "Draft" in listed
    assert signed_in(moderator).get(reverse("reusable_block:index")).status_code == 302
