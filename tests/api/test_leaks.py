"""What is not published is found nowhere: every way in, for everybody who may not read it."""

import pytest

from accounts.services import create_application_password
from comments.models import Status
from comments.services import NewComment, change_status, submit_comment
from pages.models import Category, StandardPage
from tests.api.conftest import HIDDEN, put
from tests.api.roles import roles
from tests.api.test_reading import basic

pytestmark = pytest.mark.django_db
BASE = "/wp-json/wp/v2"
WORDS = ("Quokka", "quokka", "Wombat", "wombat")
READERS = ("anonymous", "subscriber")
LISTS = (
    "", "?search=quokka", "?search=wombat", "?_embed", "?per_page=100&_fields=title,content",
    "?orderby=relevance&search=quokka", "?slug=wombat-title", "?include={id}", "?sticky=true",
    "?categories={term}", "?author={author}", "?before=2999-01-01T00:00:00",
)  # fmt: skip
PAGES = (
    "/", "/feed/", "/sitemap.xml", "/journal/", "/category/kept/", "/author/edith/",
    "/comments/feed/", "/?p={id}", "/?page_id={id}", "/?s=quokka", "/journal/wombat-title/",
    "/wombat-title/", "{path}", "{path}feed/", "{path}comment-page-1/", "/comments/thread/{id}/",
    "/api/v3/pages/{id}/",
)  # fmt: skip


@pytest.fixture
def kept(db):
    return Category.objects.create(name="Kept", slug="kept")


@pytest.fixture(params=READERS)
def reader(request, visitor, stranger):
    """The headers of who reads: nobody, or an account that may only read."""
    with roles(subscriber=stranger):
        if request.param == "anonymous":
            yield {}
        else:
            yield basic(stranger, create_application_password(stranger, "Tests")[1])


def hidden(in_status, status, kind, kept):
    """Make an entry with a comment, and hide it."""
    fields = {"body": [("paragraph", "<p>Quokka text.</p>")], "comments_open": True}
    if kind == "post":
        fields |= {"terms": {"categories": [kept]}, "is_sticky": True}
    entry = in_status("publish", "Wombat title", kind=kind, **fields)
    comment = submit_comment(
        NewComment(target_id=entry.pk, text="About the quokka.", author_name="Wombat",
                   author_email="w@example.org")
    )  # fmt: skip
    change_status([comment.pk], Status.APPROVED)
    path = entry.get_url()
    put(entry, status)
    return entry, comment, path


def assert_tells_nothing(answer, *, words=WORDS):
    text = answer.content.decode()
    assert [word for word in words if word in text] == [], text[:2000]


@pytest.mark.parametrize("kind", ["post", "page"])
@pytest.mark.parametrize("status", HIDDEN)
def test_no_list_has_it_and_no_count_counts_it(
    visitor, in_status, kept, reader, status, kind, editor
):
    entry, _, _ = hidden(in_status, status, kind, kept)
    names = {"id": entry.pk, "term": kept.pk, "author": editor.pk}

    for query in LISTS:
        answer = visitor.get(f"{BASE}/{kind}s{query.format(**names)}", headers=reader)
        assert answer.status_code == 200, query
        assert entry.pk not in [item.get("id") for item in answer.json()], query
        assert_tells_nothing(answer)
        shown = len(answer.json())
        assert answer["X-WP-Total"] == str(shown), query
    for path in (f"search?search=wombat&subtype={kind}", "search?search=quokka", "search",
                 f"search?include={entry.pk}", f"comments?search=quokka&post={entry.pk}",
                 "comments?search=quokka", "comments", "categories"):  # fmt: skip
        answer = visitor.get(f"{BASE}/{path}", headers=reader)
        assert_tells_nothing(answer)
        if path.startswith("comments?search=quokka&post="):
            assert answer.status_code == (401 if not reader else 403)
        elif path.startswith("comments"):
            assert answer["X-WP-Total"] == "0", path
        if path == "categories":
            assert [term["count"] for term in answer.json()] == [0]


@pytest.mark.parametrize("kind", ["post", "page"])
@pytest.mark.parametrize("status", HIDDEN)
def test_neither_item_nor_what_hangs_on_it_is_told(visitor, in_status, kept, reader, status, kind):
    entry, comment, _ = hidden(in_status, status, kind, kept)
    refused = 401 if not reader else 403

    for path, code in (
        (f"{kind}s/{entry.pk}", "rest_forbidden"),
        (f"{kind}s/{entry.pk}?_embed&_envelope", None),
        (f"{kind}s/{entry.pk}?context=embed", "rest_forbidden"),
        (f"{kind}s/{entry.pk}?context=edit", "rest_forbidden_context"),
        (f"{kind}s?context=edit", "rest_forbidden_context"),
        (f"comments?post={entry.pk}", "rest_cannot_read_post"),
        (f"comments/{comment.pk}", "rest_cannot_read"),
        (f"comments/{comment.pk}?_embed", "rest_cannot_read"),
    ):
        answer = visitor.get(f"{BASE}/{path}", headers=reader)
        assert_tells_nothing(answer)
        if code:
            assert (answer.status_code, answer.json()["code"]) == (refused, code), path
        assert "Allow" not in answer.headers or code in (None, "rest_cannot_read_post"), path
        assert entry.slug not in str(answer.headers), path
    if kind == "post":
        answer = visitor.get(f"{BASE}/categories?post={entry.pk}", headers=reader)
        assert (answer.status_code, answer.json()["code"]) == (refused, "rest_forbidden_context")
    for asked in ("draft", "pending", "private", "future", "trash", "any", "draft,publish"):
        answer = visitor.get(f"{BASE}/{kind}s?status={asked}", headers=reader)
        detail = answer.json()["data"]["details"]["status"]
        assert detail["code"] == "rest_forbidden_status"
        assert detail["data"] == {"status": refused}


@pytest.mark.parametrize("kind", ["post", "page"])
@pytest.mark.parametrize("status", HIDDEN)
def test_no_page_feed_or_map_of_the_site_shows_it(
    visitor, signed_in, stranger, in_status, kept, status, kind
):
    entry, _, path = hidden(in_status, status, kind, kept)
    names = {"id": entry.pk, "path": path}

    for client in (visitor, signed_in(stranger)):
        for page in PAGES:
            answer = client.get(page.format(**names))
            assert answer.status_code in (200, 301, 302, 401, 403, 404), page
            assert_tells_nothing(answer)
            if answer.status_code in (301, 302):
                assert "next=" in answer["Location"] or "wombat" not in answer["Location"], page


@pytest.mark.parametrize("kind", ["post", "page"])
def test_words_behind_a_password_are_told_to_nobody_without_it(
    visitor, in_status, kept, reader, kind
):
    entry, comment, path = hidden(in_status, "password", kind, kept)
    inner = ("quokka", "Quokka")

    item = visitor.get(f"{BASE}/{kind}s/{entry.pk}", headers=reader)
    assert item.json()["title"]["rendered"] == "Wombat title"
    assert item.json()["content"] == {"rendered": "", "protected": True}
    assert item.json()["excerpt"] == {"rendered": "", "protected": True}
    for asked in ("", "?_embed", "?search=quokka", "?search=wombat", "?context=embed",
                  "?password=wrong"):  # fmt: skip
        answer = visitor.get(f"{BASE}/{kind}s{asked}", headers=reader)
        assert_tells_nothing(answer, words=inner)
        if "search" in asked:
            assert (answer.json(), answer["X-WP-Total"]) == ([], "0")
    for asked in (f"comments?post={entry.pk}", f"comments?post={entry.pk}&password=wrong",
                  f"comments/{comment.pk}", "comments", "search?search=quokka",
                  f"{kind}s/{entry.pk}?password=wrong"):  # fmt: skip
        assert_tells_nothing(visitor.get(f"{BASE}/{asked}", headers=reader), words=inner)
    for page in ("/", "/feed/", "/journal/", path, "/comments/feed/", "/sitemap.xml"):
        assert_tells_nothing(visitor.get(page), words=inner)


@pytest.mark.parametrize("kind", ["post", "page"])
def test_password_opens_text_and_comments_and_nothing_is_stored(visitor, in_status, kept, kind):
    entry, comment, _ = hidden(in_status, "password", kind, kept)

    opened = visitor.get(f"{BASE}/{kind}s/{entry.pk}?password=sesame").json()
    assert opened["content"]["rendered"] == "\n<p>Quokka text.</p>\n"
    assert opened["content"]["protected"] is True
    below = visitor.get(f"{BASE}/comments?post={entry.pk}&password=sesame")
    assert [item["id"] for item in below.json()] == [comment.pk]
    assert below["X-WP-Total"] == "1"
    one = visitor.get(f"{BASE}/comments/{comment.pk}?password=sesame")
    assert one.json()["content"]["rendered"] == "<p>About the quokka.</p>\n"


@pytest.mark.parametrize(
    ("status", "code", "answered"),
    [("draft", "rest_comment_draft_post", 403), ("trash", "rest_comment_trash_post", 403),
     ("private", "rest_cannot_read_post", 401), ("future", "rest_cannot_read_post", 401),
     ("password", "rest_cannot_read_post", 401)],
)  # fmt: skip
def test_comment_on_what_is_hidden_is_refused_as_wordpress_does(
    visitor, in_status, kept, status, code, answered
):
    from comments.models import DiscussionSettings

    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()
    entry, _, _ = hidden(in_status, status, "post", kept)

    answer = visitor.post(
        f"{BASE}/comments",
        {"post": entry.pk, "content": "Hello.", "author_name": "N", "author_email": "n@n.example"},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["code"]) == (answered, code)


def test_draft_of_what_is_public_stays_a_draft(visitor, make_post):
    post = make_post("Public title")
    post.title, post.excerpt = "Wombat title", "Quokka excerpt."
    post.save_revision()

    for path in (f"{BASE}/posts", f"{BASE}/posts/{post.pk}", f"{BASE}/search?search=wombat", "/",
                 "/feed/", f"{BASE}/posts?search=quokka"):  # fmt: skip
        assert_tells_nothing(visitor.get(path))


def test_page_below_what_is_hidden_names_no_more_of_it_than_its_number(visitor, home, in_status):
    from pages.services.content import make_page

    above = in_status("publish", "Wombat title", kind="page")
    below = make_page(above, StandardPage(title="Below", comments_open=True))
    put(above, "private")

    assert visitor.get(f"{BASE}/pages/{below.pk}").status_code == 401
    assert_tells_nothing(visitor.get(f"{BASE}/pages"))
