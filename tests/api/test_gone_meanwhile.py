"""What another deletes while a write waits for its turn stays deleted."""

import pytest

from accounts.services import create_user, delete_user, update_user
from media.services import delete_attachment, update_attachment
from pages.api import terms
from pages.models import MenuItem, Tag
from pages.services.menus import create_menu, delete_entry, save_entry
from pages.services.terms import create_term, delete_term, update_term

pytestmark = pytest.mark.django_db


def stays_gone(row, delete, write):
    late = type(row)._base_manager.get(pk=row.pk)
    key = row.pk
    delete(row)
    with pytest.raises(type(row).DoesNotExist):
        write(late)
    return not type(row)._base_manager.filter(pk=key).exists()


def test_term_stays_deleted(home):
    tag = Tag.objects.get(pk=create_term("post_tag", name="Tea").pk)
    assert stays_gone(tag, delete_term, lambda late: update_term(late, description="x"))


def test_entry_of_a_menu_stays_deleted(home):
    entry = save_entry(MenuItem(), menu=create_menu("Main"), label="Tea", url="/tea/")
    assert stays_gone(entry, delete_entry, lambda late: save_entry(late, label="x"))


def test_account_stays_deleted(editor):
    user = create_user(username="gone", email="gone@example.org", password="l0ng-enough-1")
    assert stays_gone(user, lambda row: delete_user(row, heir_id=editor.pk),
                      lambda late: update_user(late, display_name="x"))  # fmt: skip


def test_picture_stays_deleted(image):
    assert stays_gone(image, delete_attachment, lambda late: update_attachment(late, title="x"))


def test_what_others_changed_meanwhile_stays(home):
    create_term("post_tag", name="Tea", description="old")
    early, late = Tag.objects.get(), Tag.objects.get()

    update_term(early, description="new")
    update_term(late, name="Cup")
    assert (Tag.objects.get().name, Tag.objects.get().description) == ("Cup", "new")


def test_writer_who_comes_too_late_is_answered_that_it_is_not_there(as_editor, monkeypatch):
    tag = create_term("post_tag", name="Tea")

    def too_late(term, **changes):
        Tag.objects.all().delete()
        return update_term(term, **changes)

    monkeypatch.setattr(terms, "update_term", too_late)
    answer = as_editor.post(f"/wp-json/wp/v2/tags/{tag.pk}", {"name": "Cup"})
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_term_invalid")
