import pytest

from core.extensions.personal_data import Subject
from tests.wordpress import made
from tests.wordpress.test_importing import bring_in  # noqa: F401
from wordpress.models import ImportedRecord, KeptRecord
from wordpress.personal_data import KeptData

pytestmark = pytest.mark.django_db
DATA = KeptData()


def test_kept_records_that_name_an_address_come_out_and_go(bring_in):  # noqa: F811
    bring_in(
        made.item(21, kind="shop_order", extra=made.meta(_billing_email="Nora@Example.org")),
        made.item(22, kind="shop_order", extra=made.meta(_billing_email="other@example.org")),
    )

    keys = list(DATA.identities(Subject("nora@example.org")))
    [exported] = DATA.export(keys)
    erased = DATA.erase(keys)

    assert (exported.data["type"], exported.data["id"]) == ("shop_order", 21)
    assert erased.removed == 1
    assert KeptRecord.objects.get().wordpress_id == 22
    assert DATA.erase(keys).removed == 0
    assert list(DATA.identities(Subject("nora@example.org"))) == []


def test_erased_record_does_not_come_back(bring_in):  # noqa: F811
    order = made.item(21, kind="shop_order", extra=made.meta(_billing_email="nora@example.org"))
    bring_in(order)
    DATA.erase(list(DATA.identities(Subject("nora@example.org"))))

    bring_in(order)
    bring_in(order.replace("Entry 21", "Another title"))

    assert not KeptRecord.objects.exists()


def test_what_plugins_noted_on_a_comment_goes_with_it(bring_in):  # noqa: F811
    from comments.services import delete_comments

    noted = "<wp:commentmeta><wp:meta_key>rating</wp:meta_key><wp:meta_value>5</wp:meta_value>"
    comment = made.comment(501).replace("</wp:comment>", f"{noted}</wp:commentmeta></wp:comment>")
    bring_in(made.item(11, comments=comment))
    record = ImportedRecord.objects.get(kind="comment")
    assert record.rest == {"meta": [["rating", "5"]]}

    delete_comments([501])

    record.refresh_from_db()
    assert record.rest == {}
