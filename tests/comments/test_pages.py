import csv

import pytest
from django.urls import reverse

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.services import change_status
from comments.threads import Row, join, read_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(post):
    return {"comment_post_ID": post.pk, "comment_parent": 0, "author": "Nora",
            "email": "nora@example.org", "url": "", "comment": "By the form."}  # fmt: skip


def send(visitor, form, **extra):
    return visitor.post("/wp-comments-post.php", form, **extra)


def test_form_leads_to_the_waiting_comment_that_only_its_author_sees(visitor, form, client, post):
    response = send(visitor, form)

    assert response.status_code == 302
    key = VisitorComment.objects.get().pk
    assert f"?unapproved={key}&moderation-hash=" in response["Location"]
    page = visitor.get(response["Location"].partition("#")[0])
    assert "By the form." in page.content.decode()
    assert "waiting to be read by a moderator" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    other = client.get(f"{post.url}?unapproved={key}&moderation-hash=x")
    assert "By the form." not in other.content.decode()


def test_page_of_a_waiting_comment_takes_the_next_and_its_token_is_not_kept(visitor, form):
    held = send(visitor, form)["Location"].partition("#")[0]
    # What a browser without Fetch Metadata sends by that page's referrer policy.
    headers = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": held}

    again = send(visitor, {**form, "comment": "Another."}, REMOTE_ADDR="192.0.2.9", **headers)

    assert again.status_code == 302, again.content.decode()
    stored = VisitorComment.objects.latest("pk").referrer
    assert stored
    assert "moderation-hash" not in stored


def test_form_leads_to_the_published_comment(visitor, form, post):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()

    response = send(visitor, form)

    comment = VisitorComment.objects.get()
    assert response["Location"].endswith(f"/2026/03/01/{post.slug}/#comment-{comment.pk}")


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"email": ""}, 200, "Give your name and a mail address"),
        ({"comment": ""}, 200, "Write something first"),
        ({"comment_post_ID": "999999"}, 404, "nothing to comment on"),
        ({"comment_post_ID": "x"}, 404, "nothing to comment on"),
    ],
)
def test_refused_form_says_why_and_keeps_what_was_written(visitor, form, change, status, sentence):
    response = send(visitor, {**form, **change})

    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    if status == 200 and form["comment"] and change.get("comment", "x") != "":
        assert "By the form." in page


def test_duplicate_is_409_and_flood_is_429(visitor, form, settings):
    send(visitor, form)
    assert send(visitor, form).status_code == 409
    settings.COMMENTS_FLOOD_SECONDS = 15
    assert send(visitor, {**form, "comment": "Other words."}).status_code == 429


def test_closed_post_is_403(visitor, form, make_post):
    closed = make_post("Closed", comments_open=False)

    assert send(visitor, {**form, "comment_post_ID": closed.pk}).status_code == 403


def test_get_is_not_allowed(visitor, post):
    assert visitor.get("/wp-comments-post.php").status_code == 405


def test_form_of_another_site_is_refused(visitor, form):
    response = send(visitor, form, headers={"origin": "https://evil.example"})

    assert response.status_code == 403
    assert not VisitorComment.objects.exists()


def test_fields_are_remembered_for_one_year_exactly_and_only_if_ticked(visitor, form):
    response = send(visitor, form)
    assert not response.cookies
    response = send(visitor, {**form, "comment": "Two.", "wp-comment-cookies-consent": "yes"})

    assert response.cookies["comment_author"]["max-age"] == 31_536_000
    assert response.cookies["comment_author_email"].value == "nora%40example.org"
    assert not response.cookies["comment_author_email"]["httponly"]


def test_page_never_shows_the_remembered_fields(visitor, post):
    visitor.cookies["comment_author_email"] = "nora%40example.org"

    page = visitor.get(post.url).content.decode()

    assert "nora" not in page


def test_page_sets_no_cookie_and_holds_no_csrf_token(visitor, post):
    response = visitor.get(post.url)

    assert not response.cookies
    assert "csrf" not in response.content.decode().lower()


def test_thread_shows_approved_comments_nested_and_no_others(visitor, post, write):
    one = write("Shown.")
    change_status([one.pk], Status.APPROVED)
    reply = write("A reply.", parent_id=one.pk)
    write("Not shown.")
    change_status([reply.pk], Status.APPROVED)

    page = visitor.get(post.url).content.decode()

    assert "Shown." in page
    assert "Not shown." not in page
    assert page.index(f'id="comment-{one.pk}"') < page.index(f'id="comment-{reply.pk}"')
    assert page.count("<ol") == 2


def test_reply_link_names_the_parent_in_the_form(visitor, post, write):
    one = write("Shown.")
    change_status([one.pk], Status.APPROVED)

    page = visitor.get(f"{post.url}?replytocom={one.pk}").content.decode()

    assert f'name="comment_parent" value="{one.pk}"' in page
    assert visitor.get(f"{post.url}?replytocom=99999999999999999999").status_code == 200


def test_thread_costs_the_same_queries_for_any_length(
    post, write, stranger, django_assert_num_queries
):
    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as context:
            read_thread(post.pk, can_reply=True)
        return len(context)

    change_status([write("One.").pk], Status.APPROVED)
    few = count()
    for number in range(12):
        change_status([write(f"More {number}.", user=stranger).pk], Status.APPROVED)

    assert count() == few


def test_markup_around_a_comment_stays_small(post, write, discuss):
    discuss(comment_previously_approved=False)
    comment = write("Words.")

    html = read_thread(post.pk, can_reply=True).html

    assert len(html) - len(comment.rendered) < 500


def test_joined_lists_are_balanced_when_a_parent_is_not_shown():
    one, two, three = "0000000001", "0000000002", "0000000003"
    rows = [Row(one, 1, "<article>", "a"), Row(f"{two}{three}", 3, "<article>", "b")]

    html = join(rows, deepest=4, can_reply=False)

    for tag in ("ol", "li", "article"):
        assert html.count(f"<{tag}") == html.count(f"</{tag}>")
    # Its parent is hidden: it is no reply to the comment that happens to stand before it.
    assert html.count("<ol") == 1


def test_moderator_approves_in_the_admin(visitor, post, write, moderator, signed_in):
    comment = write("Waiting words.")
    client = signed_in(moderator)

    assert "Waiting words." in client.get(reverse("visitor_comments:queue")).content.decode()
    response = client.post(
        reverse("visitor_comments:moderate"), {"comment": comment.pk, "action": "approved"}
    )

    assert response.status_code == 302
    assert "Waiting words." in visitor.get(post.url).content.decode()
    assert client.get(reverse("visitor_comments:single", args=[comment.pk])).status_code == 200


def test_others_may_not_moderate(write, stranger, editor, signed_in, visitor):
    comment = write()
    address = reverse("visitor_comments:moderate")

    for client in (signed_in(stranger), signed_in(editor), visitor):
        client.post(address, {"comment": comment.pk, "action": "approved"})
        client.get(f"{address}?comment={comment.pk}&action=approved")

    comment.refresh_from_db()
    assert comment.status == Status.HOLD


@pytest.mark.samples
def test_every_real_comment_is_in_one_of_the_four_states(samples, visitor, post):
    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()
    with (samples / "spam-samples" / "youtube-psy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 341
    seen = set()
    for number, row in enumerate(rows):
        answer = visitor.post(
            "/wp-json/wp/v2/comments",
            {"post": post.pk, "author_name": row["author"],
             "author_email": f"{row['author']}-{number}@example.org", "content": row["text"]},
            content_type="application/json",
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
        seen.add(answer.json()["id"])

    stored = VisitorComment.objects.filter(pk__in=seen)
    assert stored.count() == 341
    assert set(stored.values_list("status", flat=True)) <= set(Status.values)
