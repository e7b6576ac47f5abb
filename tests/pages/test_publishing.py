import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from pages.errors import PolicyNotPublishableError
from pages.models import PolicyDocument, PolicyPage, PolicyText, PolicyVersion
from pages.services.policies import publish_policy
from pages.tasks import publish_scheduled
from pages.verification import first_broken_link

pytestmark = pytest.mark.django_db


def clause(text, heading="1. First"):
    return {"heading": heading, "level": 2, "html": f"<p>{text}</p>"}


@pytest.fixture
def publish(home):
    def publish(text="Words.", *, parent=None, **fields):
        values = {"kind": "privacy", "title": "Privacy policy", "summary": "Something changed."}
        return publish_policy(parent=parent or home, clauses=[clause(text)], **{**values, **fields})

    return publish


def numbers():
    return list(PolicyVersion.objects.order_by("number").values_list("number", flat=True))


def test_publishing_makes_version_1_with_its_text(publish):
    _, version = publish("We keep little.")

    assert version.number == 1
    text = version.texts.get()
    assert "We keep little." in text.text
    assert '<section class="clause" id="1-first">' in text.html
    assert version.updated_on == timezone.localdate()
    assert PolicyDocument.objects.get().in_force() == version


def test_publishing_new_words_makes_the_next_version_and_keeps_the_former(publish):
    publish("Old words.")

    _, version = publish("New words.")

    assert version.number == 2
    assert numbers() == [1, 2]
    former = PolicyVersion.objects.get(number=1)
    assert "Old words." in former.texts.get().text
    assert version.previous_sha256 == former.sha256


def test_publishing_the_same_words_again_makes_none(publish):
    publish("Same.")

    _, version = publish("Same.")

    assert version is None
    assert numbers() == [1]


def test_visitor_never_reads_the_live_fields_of_the_page(publish, visitor):
    page, _ = publish("Frozen words.")
    changed = {"type": "clause", "value": {"heading": "x", "text": "<p>Sneaked in.</p>"}}
    PolicyPage.objects.filter(pk=page.pk).update(body=json.dumps([changed]))

    answer = visitor.get(page.url).content.decode()

    assert "Frozen words." in answer
    assert "Sneaked in." not in answer


def test_announced_version_is_public_and_takes_effect_to_the_second(publish, visitor):
    switch = timezone.now() + timedelta(days=30)
    page, first = publish("Now.")
    _, coming = publish("Later.", effective_at=switch)
    document = PolicyDocument.objects.get()

    assert document.in_force() == first
    assert document.announced() == coming
    shown = visitor.get(page.url).content.decode()
    assert "Now." in shown
    assert "Version 2 takes effect" in shown
    assert "Later." in visitor.get(f"{page.url}versions/2/").content.decode()
    assert document.in_force(switch - timedelta(microseconds=1)) == first
    assert document.in_force(switch) == coming
    with time_machine.travel(switch, tick=False):
        assert "Later." in visitor.get(page.url).content.decode()


def test_former_version_keeps_its_address(publish, visitor):
    page, _ = publish("Old words.")
    publish("New words.")

    answer = visitor.get(f"{page.url}versions/1/")

    assert answer.status_code == 200
    assert "Old words." in answer.content.decode()
    assert "Version 2 is in force" in answer.content.decode()
    assert visitor.get(f"{page.url}versions/3/").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": ""},
        {"effective_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"updated_on": date(2999, 1, 1)},
        {"updated_on": date.today(), "effective_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_version_that_lacks_something_is_refused_and_nothing_changes(publish, fields):
    page, _ = publish("Good.")

    with pytest.raises(PolicyNotPublishableError):
        publish("Bad.", **fields)

    assert numbers() == [1]
    page.refresh_from_db()
    assert "Good." in str(page.body)


def test_text_recorded_later_may_lie_in_the_past_or_have_no_date(publish):
    _, dated = publish(
        "Old.", is_recorded_later=True, effective_at=datetime(2021, 10, 7, tzinfo=UTC)
    )
    _, undated = publish("Undated.", is_recorded_later=True, title="Terms", kind="transaction")

    assert dated.effective_at == datetime(2021, 10, 7, tzinfo=UTC)
    assert undated.effective_at is None
    assert undated.document.in_force() == undated
    assert dated.document.in_force(datetime(2021, 10, 6, tzinfo=UTC)) is None
    assert dated.document.in_force(datetime(2022, 1, 1, tzinfo=UTC)) == dated


def test_translation_adds_its_text_to_the_newest_version(publish, chinese_home, visitor):
    page, _ = publish("English.")

    translated, version = publish(
        "中文。", parent=chinese_home, title="隐私政策", translation_of=page
    )

    assert version is None
    assert numbers() == [1]
    assert set(PolicyText.objects.values_list("locale", flat=True)) == {"en", "zh-hans"}
    assert "中文。" in visitor.get(translated.url).content.decode()


def test_second_translation_of_one_version_is_refused(publish, chinese_home):
    page, _ = publish("English.")
    publish("中文。", parent=chinese_home, title="隐私政策", translation_of=page)

    with pytest.raises(PolicyNotPublishableError, match="Publish a new version"):
        publish("别的。", parent=chinese_home, title="隐私政策", translation_of=page)


def test_failure_in_a_later_receiver_leaves_the_former_version_live(publish):
    page, _ = publish("Good.")

    def fails(sender, **kwargs):
        raise RuntimeError("a receiver of somebody else")

    page_published.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            publish("Half done.")
    finally:
        page_published.disconnect(fails)

    assert numbers() == [1]
    page.refresh_from_db()
    assert "Half done." not in str(page.body)


def test_editor_publishes_in_the_admin(publish, editor, signed_in):
    page, _ = publish("First.")
    client = signed_in(editor)
    form = {
        "title": "Privacy policy", "slug": page.slug, "kind": "privacy",
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "clause",
        "body-0-id": "", "body-0-value-heading": "1. First", "body-0-value-level": "2",
        "body-0-value-text": '{"blocks":[{"key":"a","text":"Second.","type":"unstyled","depth":0,'
        '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
        "change_summary": "We say it better.", "updated_on": "", "effective_at": "",
        "acceptance": "none", "action-publish": "1", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }  # fmt: skip

    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    assert response.status_code == 302, response.content.decode()[:2000]
    assert numbers() == [1, 2]
    assert "Second." in PolicyVersion.objects.get(number=2).texts.get().text


def test_editor_without_a_summary_sees_what_is_missing(publish, editor, signed_in):
    page, _ = publish("First.")
    form = {
        "title": "Privacy policy", "slug": page.slug, "kind": "privacy", "body-count": "1",
        "body-0-deleted": "", "body-0-order": "0", "body-0-type": "clause", "body-0-id": "",
        "body-0-value-heading": "New", "body-0-value-level": "2",
        "body-0-value-text": '{"blocks":[],"entityMap":{}}', "change_summary": "",
        "acceptance": "none", "action-publish": "1", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }  # fmt: skip

    response = signed_in(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    assert "Say in a sentence what changed" in response.content.decode()
    assert numbers() == [1]


def test_deleting_a_page_with_versions_is_explained(publish, editor, signed_in):
    page, _ = publish("Words.")
    client = signed_in(editor)

    response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)

    assert "cannot be deleted" in response.content.decode()
    assert PolicyPage.objects.filter(pk=page.pk).exists()


def test_scheduled_publishing_makes_the_version_when_it_goes_live(publish):
    page, _ = publish("Now.")
    page.change_summary = "Later."
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "1", "level": "2", "text": "<p>Scheduled.</p>"})]
    )
    page.effective_at = None
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert numbers() == [1]

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled.func()

    assert numbers() == [1, 2]


def test_failing_page_keeps_its_schedule_and_stops_no_other(publish, journal):
    page, _ = publish("Now.")
    page.change_summary = ""
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "1", "level": "2", "text": "<p>Without a summary.</p>"})]
    )
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    journal.title = "A new title"
    journal.go_live_at = timezone.now() + timedelta(hours=1)
    journal.save_revision().publish()

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled.func()

    assert numbers() == [1]
    revision.refresh_from_db()
    assert revision.approved_go_live_at is not None
    assert Page.objects.get(pk=journal.pk).title == "A new title"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages_policyversion SET number = 7",
        "DELETE FROM pages_policyversion",
        "UPDATE pages_policytext SET text = 'changed'",
        "DELETE FROM pages_policytext",
    ],
)
def test_database_itself_refuses_to_change_a_version(publish, statement):
    publish("Frozen.")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_orm_cannot_change_or_replace_a_version(publish):
    _, version = publish("Frozen.")
    version.number = 9

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyText.objects.update(text="changed")
    if connection.vendor == "sqlite":
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("REPLACE INTO pages_policytext SELECT * FROM pages_policytext")


def test_chain_is_whole_and_a_broken_link_is_named(publish):
    publish("One.")
    publish("Two.")
    assert first_broken_link() == (2, None)

    text = PolicyText.objects.get(version__number=1)
    from pages.freezing import freeze, thaw

    thaw(connection)
    PolicyText.objects.filter(pk=text.pk).update(text="Quietly changed.\n")
    freeze(connection)

    _, broken = first_broken_link()
    assert broken["version"] == 1
    assert "not what was published" in broken["reason"]


def test_page_without_a_version_is_no_public_page(home, visitor):
    page = PolicyPage(title="Empty", kind="other", live=True)
    home.add_child(instance=page)

    assert visitor.get(page.url).status_code == 404
    assert PolicyVersion.objects.count() == 0


def test_live_page_with_a_bad_text_never_goes_live(home):
    page = PolicyPage(title="Bad", kind="other", live=False)
    home.add_child(instance=page)

    with pytest.raises(ValidationError):
        page.save_revision().publish()

    page.refresh_from_db()
    assert not page.live
