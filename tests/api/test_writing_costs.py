"""How often a write reads and renders its text, and that nobody waits for it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pages.api.revisions import is_no_entry
from pages.block_editor.pieces import cut
from pages.block_editor.showing import cleaned, to_html
from pages.models import PostPage
from pages.services.content import make_page
from pages.services.writing import create_entry, take_turn, update_entry
from tests.api.test_writing import PAGES, POSTS, Writer
from tests.calls import called
from tests.pages.block_editor.documents import written
from tests.pages.block_editor.forms import form_data

pytestmark = pytest.mark.django_db
READING = (cut, to_html, cleaned, take_turn)
# The turn is taken once for the tree, and by each service again.
ONCE_BEFORE_THE_TURN = ["cut", "to_html", "cleaned", "take_turn"]
TO_COME = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S")
STATES = [{"status": "draft"}, {"status": "pending"}, {"status": "publish"}, {"status": "private"},
          {"status": "publish", "password": "sesame"},
          {"status": "future", "date": TO_COME}]  # fmt: skip


@pytest.fixture
def admin(client, administrator, journal):
    return Writer(client, administrator)


def text_with(image, words="Words"):
    shown = (f'<figure class="wp-block-image"><img src="{image.file.url}" alt="" '
             f'class="wp-image-{image.pk}"/></figure>')  # fmt: skip
    return "\n\n".join([
        written("paragraph", f"<p>{words}</p>"),
        written("image", shown, {"id": image.pk}),
        written("plug/in", f"<b>{words}</b>"),
    ])  # fmt: skip


def without_repeats(order):
    return [name for place, name in enumerate(order) if order[place - 1 : place] != [name]]


@pytest.mark.parametrize("state", STATES)
def test_a_text_is_read_and_rendered_once_and_before_the_turn(state, admin, image):
    text = text_with(image)
    answers = []

    order = called(lambda: answers.append(admin.post(POSTS, {"content": text, **state})), *READING)

    assert answers[0].status_code == 201
    assert answers[0].json()["content"]["raw"] == text
    assert "srcset" in answers[0].json()["content"]["rendered"]
    assert without_repeats(order) == ONCE_BEFORE_THE_TURN


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", [{}, {"status": "draft"}])
def test_a_changed_text_is_read_and_rendered_once_and_before_the_turn(before, after, admin, image):
    key = admin.post(POSTS, {"content": text_with(image), **before}).json()["id"]
    text = text_with(image, "Others")
    answers = []

    order = called(
        lambda: answers.append(admin.put(f"{POSTS}/{key}", {"content": text, **after})), *READING
    )

    assert answers[0].status_code == 200
    assert answers[0].json()["content"]["raw"] == text
    assert "Others" in answers[0].json()["content"]["rendered"]
    assert without_repeats(order) == ONCE_BEFORE_THE_TURN


@pytest.mark.parametrize("status", ["draft", "publish"])
def test_whoever_calls_the_service_reads_before_the_turn(status, journal, editor, image):
    text, other = text_with(image), text_with(image, "Others")
    made = []

    order = called(
        lambda: made.append(create_entry(PostPage, journal, user=editor, title="Own", content=text,
                                         status=status)), *READING,
    )  # fmt: skip
    assert without_repeats(order) == ONCE_BEFORE_THE_TURN

    order = called(lambda: update_entry(made[0], user=editor, content=other), *READING)
    assert without_repeats(order) == ONCE_BEFORE_THE_TURN
    assert PostPage.objects.get(pk=made[0].pk).raw_content == other


@pytest.mark.parametrize("status", ["draft", "publish"])
@pytest.mark.parametrize("change", [{"title": "New"}, {"status": "publish"}, {"status": "draft"},
                                    {"slug": "elsewhere"}])  # fmt: skip
def test_a_write_without_a_text_reads_none_and_renders_once(status, change, admin, image):
    key = admin.post(POSTS, {"content": text_with(image), "status": status}).json()["id"]

    order = called(lambda: admin.put(f"{POSTS}/{key}", change), *READING)

    assert without_repeats(order) == ["to_html", "cleaned", "take_turn"]


def test_an_autosave_is_read_before_the_turn(admin, image, editor, make_post):
    text = text_with(image)
    own = admin.post(POSTS, {"content": "Own"}).json()["id"]
    for key in (own, make_post("Theirs").pk):
        path = f"{POSTS}/{key}/autosaves"
        order = called(lambda path=path: admin.post(path, {"content": text}), cut, take_turn)
        assert without_repeats(order)[:1] == ["cut"]
        assert order.count("cut") == 1


@pytest.mark.parametrize("status", ["draft", "publish"])
def test_publishing_in_the_admin_renders_once(status, admin, image, administrator, signed_in):
    key = admin.post(POSTS, {"title": "T", "content": text_with(image), "status": status}).json()
    post = PostPage.objects.get(pk=key["id"])
    data = form_data(post, title="Changed") | {"action-publish": "action-publish"}
    client, address = signed_in(administrator), reverse("wagtailadmin_pages:edit", args=[post.pk])

    order = called(lambda: client.post(address, data), cut, to_html, cleaned)

    post = PostPage.objects.get(pk=post.pk)
    assert (post.live, post.title, post.raw_content) == (True, "Changed", text_with(image))
    assert order == ["to_html", "cleaned"]


def test_whether_a_page_has_a_history_is_asked_once(admin, home, administrator):
    from pages.models import StandardPage

    page = make_page(home, StandardPage(title="About"), user=administrator)
    for key, asked in ((page.pk, 0), (home.pk, 1), (999_999, 1)):
        path = f"{PAGES}/{key}/revisions"
        assert called(lambda path=path: admin.get(path), is_no_entry) == ["is_no_entry"] * asked
    assert admin.get(f"{PAGES}/{home.pk}/revisions").json() == []
    assert admin.get(f"{PAGES}/999999/revisions").status_code == 404
