"""What lists cost: the same queries for any length, also with everything embedded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import create_user
from comments.models import Status
from comments.services import NewComment, change_status, submit_comment
from pages.models import Category, StandardPage, Tag
from pages.services.content import make_page

pytestmark = pytest.mark.django_db
BASE = "/wp-json/wp/v2"


@pytest.fixture
def write(make_post, image, home):
    """Return a function that makes posts with all that can be embedded, and pages."""

    def write(count, start=0):
        for number in range(start, start + count):
            author = create_user(username=f"a{number}", email=f"a{number}@example.org",
                                 password="pass", display_name=f"Author {number}")  # fmt: skip
            post = make_post(
                f"Post {number}", author=author, featured_image=image, comments_open=True,
                terms={"categories": [Category.objects.create(name=f"C{number}")],
                       "tags": [Tag.objects.create(name=f"T{number}")]},
            )  # fmt: skip
            comment = submit_comment(
                NewComment(target_id=post.pk, text=f"On {number}.", author_name="Nora",
                           author_email="nora@example.org")
            )  # fmt: skip
            change_status([comment.pk], Status.APPROVED)
            above = make_page(home, StandardPage(title=f"Above {number}", author=author))
            make_page(above, StandardPage(title=f"Below {number}", author=author))

    return write


def cost(visitor, path):
    visitor.get(path)
    with CaptureQueriesContext(connection) as context:
        answer = visitor.get(path)
    assert answer.status_code == 200
    return len(context), answer.json()


LISTS = ("posts?per_page=50", "posts?per_page=50&_embed", "pages?per_page=50&_embed",
         "comments?per_page=50&_embed", "search?search=post&_embed",
         "posts?per_page=50&_embed=author,wp:term&search=words")  # fmt: skip


def test_lists_cost_the_same_queries_for_any_length(visitor, write):
    write(2)
    few = {path: cost(visitor, f"{BASE}/{path}")[0] for path in LISTS}
    write(4, start=2)

    assert {path: cost(visitor, f"{BASE}/{path}")[0] for path in LISTS} == few


def test_everything_is_embedded_with_what_it_belongs_to(visitor, write):
    write(3)

    _, posts = cost(visitor, f"{BASE}/posts?_embed")

    assert len(posts) == 3
    for post in posts:
        number = post["title"]["rendered"].split()[1]
        embedded = post["_embedded"]
        assert embedded["author"][0]["name"] == f"Author {number}"
        assert embedded["wp:featuredmedia"][0]["source_url"].endswith(".jpg")
        assert [[term["name"] for term in terms] for terms in embedded["wp:term"]] == [
            [f"C{number}"], [f"T{number}"],
        ]  # fmt: skip
        assert embedded["replies"][0][0]["content"]["rendered"] == f"<p>On {number}.</p>\n"
    _, pages = cost(visitor, f"{BASE}/pages?_embed=up")
    for page in pages:
        if page["title"]["rendered"].startswith("Below"):
            number = page["title"]["rendered"].split()[1]
            assert page["_embedded"]["up"][0]["title"]["rendered"] == f"Above {number}"


def test_what_may_not_be_read_is_embedded_as_its_refusal(visitor, write, stranger, make_post):
    make_post("By a stranger", author=None)
    write(1)
    hidden = make_page_below_a_draft()
    _, pages = cost(visitor, f"{BASE}/pages?_embed=up&include={hidden.pk}")

    assert pages[0]["_embedded"]["up"][0]["code"] == "rest_forbidden"


def make_page_below_a_draft():
    above = StandardPage.objects.get(title="Above 0")
    above.unpublish()
    return StandardPage.objects.get(title="Below 0")
