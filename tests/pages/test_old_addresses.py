"""Where a page was before leads on to where it is, for as long as everybody may know of it."""

import pytest

from pages.services.writing import trash_entry, update_entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["draft", "private", "trash"])
def test_old_address_tells_no_slug_of_what_is_hidden(
    post, visitor, editor, status, django_capture_on_commit_callbacks
):
    old = post.get_url()
    with django_capture_on_commit_callbacks(execute=True):
        update_entry(post, user=editor, slug="merger")
    post.refresh_from_db()
    assert visitor.get(old)["Location"] == post.get_url()

    with django_capture_on_commit_callbacks(execute=True):
        if status == "trash":
            trash_entry(post, user=editor)
        else:
            update_entry(post, user=editor, status=status, slug="secret")

    for address in (old, old.replace(post.slug, "merger")):
        answer = visitor.get(address)
        assert (answer.status_code, "Location" in answer.headers) == (404, False)
