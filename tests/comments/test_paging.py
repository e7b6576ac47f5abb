"""Pages of comments as WordPress numbers them, what waits, feeds, and answers to scripts."""

import re
from urllib.parse import urlsplit

import pytest
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Status, VisitorComment
from comments.services import change_status
from comments.threads import read_thread
from core.extensions.commentables import comment_targets

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(trusting, write):
    """Five top comments, the second with two replies, the fourth with one."""
    # Many from one network are held.
    tops = [write(f"Top {number}.", ip_address=f"192.0.2.{number}") for number in range(1, 6)]
    write("Reply 2a.", parent_id=tops[1].pk, ip_address="192.0.2.6")
    deeper = write("Reply 2b.", parent_id=tops[1].pk, ip_address="192.0.2.7")
    write("Below 2b.", parent_id=deeper.pk, ip_address="192.0.2.8")
    write("Reply 4a.", parent_id=tops[3].pk, ip_address="192.0.2.9")
    return tops


def texts(page):
    content = page if isinstance(page, str) else page.content.decode()
    return re.findall(r"<p>((?:Top|Reply|Below) [^<]*)</p>", content)


def test_without_pages_all_are_shown_in_thread_order(visitor, post, threads):
    assert texts(visitor.get(post.url)) == [
        "Top 1.", "Top 2.", "Reply 2a.", "Reply 2b.", "Below 2b.", "Top 3.", "Top 4.", "Reply 4a.",
        "Top 5.",
    ]  # fmt: skip
    assert visitor.get(f"{post.url}comment-page-1/")["Location"] == post.url


def test_pages_count_top_comments_and_the_newest_is_shown_first(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=2)

    first = visitor.get(f"{post.url}comment-page-1/")
    assert texts(first) == ["Top 1.", "Top 2.", "Reply 2a.", "Reply 2b.", "Below 2b."]
    assert texts(visitor.get(f"{post.url}comment-page-2/")) == ["Top 3.", "Top 4.", "Reply 4a."]
    newest = visitor.get(post.url)
    assert texts(newest) == ["Top 5."]
    assert "9 comments" in newest.content.decode()
    assert f'rel="prev" href="http://127.0.0.1:8000{post.url}comment-page-2/#comments"' in (
        newest.content.decode()
    )
    assert f'rel="next" href="http://127.0.0.1:8000{post.url}comment-page-2/#comments"' in (
        first.content.decode()
    )
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{post.url}comment-page-1/">' in (
        first.content.decode()
    )


def test_oldest_page_first_and_newest_comments_first(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=2, default_comments_page="oldest",
            comment_order="desc")  # fmt: skip

    assert texts(visitor.get(post.url)) == [
        "Top 2.",
        "Reply 2a.",
        "Reply 2b.",
        "Below 2b.",
        "Top 1.",
    ]
    assert texts(visitor.get(f"{post.url}comment-page-3/")) == ["Top 5."]
    assert f'href="http://127.0.0.1:8000{post.url}#comments"' in (
        visitor.get(f"{post.url}comment-page-2/").content.decode()
    )


def test_without_threads_pages_count_every_comment_by_date(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=4, thread_comments=False)

    assert texts(visitor.get(f"{post.url}comment-page-1/")) == [f"Top {n}." for n in range(1, 5)]
    page = visitor.get(f"{post.url}comment-page-2/")
    assert texts(page) == ["Top 5.", "Reply 2a.", "Reply 2b.", "Below 2b."]
    assert page.content.decode().count("<ol") == 1
    assert texts(visitor.get(post.url)) == ["Reply 4a."]


def test_page_that_is_not_there_leads_to_the_post(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=2)

    for wrong in ("comment-page-4/", "comment-page-0/", "?cpage=9", "?cpage=x"):
        assert visitor.get(f"{post.url}{wrong}")["Location"] == post.url
    assert visitor.get(f"{post.url}?cpage=2")["Location"] == f"{post.url}comment-page-2/"


def test_replies_below_a_hidden_comment_are_shown_once(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=2)
    change_status([threads[1].pk], Status.TRASH)

    seen = [texts(visitor.get(f"{post.url}comment-page-{number}/")) for number in (1, 2)]

    assert seen == [["Top 1.", "Reply 2a.", "Reply 2b.", "Below 2b.", "Top 3."],
                    ["Top 4.", "Reply 4a.", "Top 5."]]  # fmt: skip


def test_depth_is_only_display(visitor, post, trusting, write, discuss):
    last = write("Top 0.")
    for number in range(1, 5):
        last = write(f"Reply {number}.", parent_id=last.pk)
    discuss(thread_comments_depth=3)

    html = visitor.get(post.url).content.decode()

    assert html.count("<ol") == 3
    assert html.count("?replytocom=") == 2
    assert VisitorComment.objects.get(pk=last.pk).depth == 4


@pytest.mark.parametrize("paged", [False, True])
def test_page_costs_the_same_queries_for_any_length(post, threads, write, discuss, paged):
    discuss(page_comments=paged, comments_per_page=3)

    def count():
        with CaptureQueriesContext(connection) as context:
            read_thread(post.pk, can_reply=True)
        return len(context)

    few = count()
    for number in range(20):
        write(f"More {number}.")

    assert count() <= few


def test_links_name_the_page_on_which_a_comment_stands(visitor, post, threads, discuss):
    discuss(page_comments=True, comments_per_page=2)

    items = visitor.get(f"/wp-json/wp/v2/comments?post={post.pk}&per_page=100").json()

    for item in items:
        page = visitor.get(urlsplit(item["link"]).path)
        assert f'id="comment-{item["id"]}"' in page.content.decode()
    assert {urlsplit(item["link"]).path.removeprefix(post.url) for item in items} == {
        "", "comment-page-1/", "comment-page-2/",
    }  # fmt: skip


def test_list_with_pages_costs_the_same_queries(visitor, post, threads, write, discuss):
    discuss(page_comments=True, comments_per_page=2)

    def count():
        with CaptureQueriesContext(connection) as context:
            assert visitor.get("/wp-json/wp/v2/comments?per_page=100").status_code == 200
        return len(context)

    few = count()
    for number in range(12):
        write(f"More {number}.")

    assert count() <= few


# What waits


def test_comment_that_waits_is_shown_in_its_thread_to_its_author_alone(
    visitor, client, post, threads, discuss, write
):
    discuss(comment_previously_approved=True)
    answer = visitor.post(
        "/wp-comments-post.php",
        {"comment_post_ID": post.pk, "comment_parent": threads[1].pk, "author": "Nora",
         "email": "nora@example.org", "comment": "Reply that waits."},
    )  # fmt: skip
    address = answer["Location"].partition("#")[0]

    shown = texts(visitor.get(address))

    assert shown[2:6] == ["Reply 2a.", "Reply 2b.", "Below 2b.", "Reply that waits."]
    assert "Reply that waits." not in texts(client.get(post.url))
    assert "nora@example.org" not in address


def test_token_of_one_comment_shows_no_other_and_not_for_long(
    visitor, post, write, time_machine, discuss
):
    time_machine.move_to("2026-05-01T10:00:00Z", tick=False)
    from comments.author_tokens import held_query, held_token

    one, two = write("Top one waits."), write("Top two waits.", author_email="b@example.org")

    assert "Top one waits." in texts(visitor.get(f"{post.url}?{held_query(one)}"))
    stolen = f"?unapproved={two.pk}&moderation-hash={held_token(one)}"
    assert texts(visitor.get(f"{post.url}{stolen}")) == []
    rest = f"/wp-json/wp/v2/comments/{one.pk}"
    assert visitor.get(rest).status_code == 401
    seen = visitor.get(f"{rest}?{held_query(one)}")
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")
    assert visitor.get(f"{rest}{stolen}").status_code == 401
    listed = visitor.get(f"/wp-json/wp/v2/comments?post={post.pk}&{held_query(one)}")
    assert [item["id"] for item in listed.json()] == [one.pk]
    old = held_query(one)
    time_machine.move_to("2026-05-01T10:10:01Z", tick=False)
    assert visitor.get(f"{rest}?{old}").status_code == 401


def test_who_sends_spam_is_not_told(visitor, post, write):
    from comments.author_tokens import held_query

    spam = write(honeypot="filled")
    assert spam.status == Status.SPAM

    answer = visitor.get(f"/wp-json/wp/v2/comments/{spam.pk}?{held_query(spam)}")

    assert answer.json()["status"] == "hold"


# Answers to scripts


@pytest.fixture
def send(visitor, post):
    def send(**fields):
        values = {"comment_post_ID": post.pk, "comment_parent": 0, "author": "Nora",
                  "email": "nora@example.org", "comment": "By script."}  # fmt: skip
        return visitor.post(
            "/wp-comments-post.php", {**values, **fields}, headers={"accept": "application/json"}
        )

    return send


def test_script_is_answered_the_comment_and_its_tokens(send, visitor, trusting, discuss):
    answer = send()
    told = answer.json()

    assert answer.status_code == 201
    assert list(told) == ["id", "status", "parent", "html", "edit_token", "edit_until",
                          "url", "waiting_url", "message"]  # fmt: skip
    assert (told["status"], told["waiting_url"]) == ("approved", "")
    assert told["html"].startswith(f'<article id="comment-{told["id"]}">')
    assert told["html"].endswith("</article>")
    assert told["edit_token"]
    discuss(comment_previously_approved=True, edit_minutes=0)
    waits = send(comment="Waits.").json()
    assert (waits["status"], waits["edit_token"], waits["edit_until"]) == ("hold", "", None)
    assert "comment-waiting" in waits["html"]
    assert "Waits." in visitor.get(waits["waiting_url"].partition("#")[0]).content.decode()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"comment": " "}, 400, "comment_text_required"),
        ({"comment_post_ID": 0}, 404, "comment_target_unknown"),
        ({"comment_parent": 99}, 400, "comment_parent_unknown"),
        ({"comment": "x" * 65_526}, 400, "comment_field_too_long"),
    ],
)
def test_script_is_told_why_a_comment_is_not_taken(send, fields, status, code):
    answer = send(**fields)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_author_is_known_again_by_a_cookie_that_no_script_reads(send, visitor):
    consent = {"wp-comment-cookies-consent": "yes"}
    first = send(**consent)
    cookie = first.cookies["comment_author_key"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (31_536_000, True, "Lax")
    change_status([first.json()["id"]], Status.APPROVED)

    assert send(comment="Again.", **consent).json()["status"] == "approved"
    last = send(comment="Once more, but forget me.")
    assert last.json()["status"] == "approved"
    assert last.cookies["comment_author_key"]["max-age"] == 0
    assert VisitorComment.objects.get(pk=last.json()["id"]).author_key == ""
    assert send(comment="Who am I?").json()["status"] == "hold"


def test_cookie_that_this_site_did_not_sign_proves_nothing(send, visitor):
    visitor.cookies["comment_author_key"] = "forged"

    assert send().json()["status"] == "hold"
    assert VisitorComment.objects.get().author_key == ""


# Feeds


def read_feed(answer):
    """Return a feed's title and its items as mappings from names without their namespaces."""
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    channel = fromstring(answer.content).find("channel")
    items = [{child.tag.rpartition("}")[2]: child.text for child in item}
             for item in channel.iter("item")]  # fmt: skip
    return channel.findtext("title"), items


def test_feeds_hold_the_newest_approved_comments(visitor, post, make_post, threads, write):
    other = make_post("Another")
    write("Top & <b>elsewhere</b>.", on=other)
    change_status([threads[4].pk], Status.SPAM)

    site = visitor.get("/comments/feed/")
    _, everywhere = read_feed(site)
    title, below = read_feed(visitor.get(f"{post.url}feed/"))

    assert everywhere[0]["title"] == "Nora on Another"
    assert everywhere[0]["description"] == "Top & elsewhere."
    assert everywhere[0]["encoded"] == "<p>Top &amp; <b>elsewhere</b>.</p>\n"
    assert everywhere[0]["creator"] == "Nora"
    assert title == "Comments on A post"
    assert [len(everywhere), len(below)] == [9, 8]
    assert "Top 5." not in str(below)
    assert b"nora@example.org" not in site.content


def test_feed_of_what_the_public_may_not_read_is_not_there(visitor, post, threads):
    address = f"{post.url}feed/"
    assert comment_targets.get().at(post.url).id == post.pk
    post.unpublish()

    assert visitor.get(address).status_code == 404
    assert visitor.get("/2026/03/01/nothing/feed/").status_code == 404
    assert read_feed(visitor.get("/comments/feed/"))[1] == []


def test_feed_costs_the_same_queries_for_any_length(visitor, post, threads, write):
    def count():
        with CaptureQueriesContext(connection) as context:
            assert visitor.get(f"{post.url}feed/").status_code == 200
        return len(context)

    few = count()
    for number in range(12):
        write(f"More {number}.")

    assert count() <= few
