"""Comments below a post with a password: who is shown them, and that no count tells of them."""

import pytest

from accounts.services import AUTHORS, create_application_password, create_user
from comments.services import NewComment, change_status, submit_comment
from pages.services.writing import update_entry
from tests.api.test_reading import basic

pytestmark = pytest.mark.django_db
COMMENTS = "/wp-json/wp/v2/comments"


@pytest.fixture
def asked(visitor, make_post, administrator):
    """Ask for comments as somebody; return status, total and numbers of what is shown."""
    author = create_user(username="au", email="au@example.org", password="pass", groups=[AUTHORS])
    opened, closed = make_post("Open"), make_post("Closed", author=author)
    keys = [
        submit_comment(NewComment(target_id=each.pk, text=f"Of {each.title}.", author_name="N",
                                  author_email="n@example.org")).pk
        for each in (opened, closed)
    ]  # fmt: skip
    change_status(keys, "approved", by=administrator)
    update_entry(closed, user=administrator, password="pw")
    query = {"whole": "", "search": "?search=closed", "include": f"?include={keys[1]}",
             "post": f"?post={closed.pk}", "opened": f"?post={closed.pk}&password=pw"}  # fmt: skip

    def ask(name, who=None):
        headers = basic(who, create_application_password(who, "x")[1]) if who else {}
        answer = visitor.get(f"{COMMENTS}{query[name]}", headers=headers)
        if answer.status_code != 200:
            return answer.status_code
        shown = ["open" if item["id"] == keys[0] else "closed" for item in answer.json()]
        return int(answer.headers["X-WP-Total"]), shown

    return ask


def test_stranger_is_told_of_no_comment_that_needs_a_password(asked):
    assert asked("whole") == (1, ["open"])
    # WordPress counts what it does not show, so that a search tells what was written there.
    assert asked("search") == asked("include") == (0, [])
    assert asked("post") == 401
    assert asked("opened") == (1, ["closed"])


def test_who_moderates_sees_and_counts_all_as_in_wordpress(asked, administrator):
    assert asked("whole", administrator) == (2, ["closed", "open"])
    for name in ("search", "include", "post", "opened"):
        assert asked(name, administrator) == (1, ["closed"]), name
