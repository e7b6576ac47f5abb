import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail.signals import page_published

from comments.models import DiscussionSettings
from core.extensions.personal_data import Subject
from core.extensions.policies import PolicyText, policy_facts, policy_texts
from pages.clauses import make_clauses
from pages.errors import PolicyNotPublishableError
from pages.freezing import check_guards, freeze, thaw
from pages.guide import suggestions_for
from pages.models import (
    PolicyDocument,
    PolicyPage,
    PolicyVersion,
    SiteIdentitySettings,
)
from pages.models import PolicyText as TextOfVersion
from pages.numbering import number_clauses
from pages.personal_data import KEPT_FOR, PublisherData
from pages.publishing import text_fields, text_of
from pages.tasks import forget_publishers, publish_scheduled
from pages.verification import first_broken_link
from tests.pages.made import clause

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("save", [PolicyPage.save_revision, PolicyPage.save])
def test_draft_is_no_version_even_where_the_live_revision_has_none(publish, save):
    publish("Same.")
    page, _ = publish("Same.")
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "One", "level": "2", "text": "<p>[to be written]</p>"})]
    )
    page.change_summary = "Unfinished."

    save(page)

    assert numbers() == [1]


def test_draft_of_history_that_somebody_edits_is_published_like_any_other(
    publish, signed_in, editor
):
    moment = timezone.now() - timedelta(days=400)
    draft, _ = publish("Long ago.", effective_at=moment, is_recorded_later=True, publish=False)

    answer = edit(
        signed_in(editor), draft, "Long ago, mended.", effective_at=f"{moment:%Y-%m-%d %H:%M}"
    )

    assert "This moment has passed" in answer.text
    assert numbers() == []


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
    assert set(TextOfVersion.objects.values_list("locale", flat=True)) == {"en", "zh-hans"}
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


def words_as_body(page, words):
    return page.body.stream_block.normalize(
        [("clause", {"heading": "1. First", "level": "2", "text": f"<p>{words}</p>"})]
    )


def edit_form(page, words, **fields):
    words_as_typed = {"key": "a", "text": words, "type": "unstyled", "depth": 0,
                      "inlineStyleRanges": [], "entityRanges": []}  # fmt: skip
    draft = {"blocks": [words_as_typed], "entityMap": {}}
    return {
        "title": page.title, "slug": page.slug, "kind": page.kind, "triggers": ["register"],
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "clause",
        "body-0-id": "", "body-0-value-heading": "1. First", "body-0-value-level": "2",
        "body-0-value-text": json.dumps(draft), "change_summary": "We say it better.",
        "updated_on": "", "effective_at": "", "acceptance": "none", "action-publish": "1",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", **fields,
    }  # fmt: skip


def edit(client, page, words, **fields):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, edit_form(page, words, **fields))


def test_editor_publishes_in_the_admin(publish, editor, signed_in):
    page, _ = publish("First.", kind="terms")

    response = edit(signed_in(editor), page, "Second.")

    assert response.status_code == 302, response.content.decode()[:2000]
    assert numbers() == [1, 2]
    assert "Second." in PolicyVersion.objects.get(number=2).texts.get().text


@pytest.mark.parametrize(
    ("words", "fields", "sentence"),
    [
        ("Second.", {}, "Version 2 is in force."),
        ("Second.", {"effective_at": "2099-01-01 00:00"}, "between 1900"),
        ("First.", {}, "Nothing changed, so version 1 stays the newest."),
        ("Second.", {"effective_at": f"{date.today().year + 1}-12-31 00:00"},
         "Version 2 is announced. It takes effect on 31 December"),
    ],
)  # fmt: skip
def test_editor_is_told_what_publishing_made(publish, editor, signed_in, words, fields, sentence):
    page, _ = publish("First.", kind="terms")
    client = signed_in(editor)

    response = edit(client, page, words, **fields)
    shown = response if response.status_code == 200 else client.get(response["Location"])

    assert sentence in shown.text


def test_translator_is_told_which_version_the_text_belongs_to(
    publish, chinese_home, administrator, signed_in
):
    page, _ = publish("First.", kind="terms")
    copied = page.copy_for_translation(chinese_home.locale)
    client = signed_in(administrator)

    response = edit(client, copied, "第一。", publish_anyway="on")

    assert "text of version 1 in this language" in client.get(response["Location"]).text


def test_editor_is_asked_about_doubtful_words_and_may_publish_anyway(publish, editor, signed_in):
    page, _ = publish("First.", kind="terms")
    client = signed_in(editor)

    asked = edit(client, page, "You may use use this site.")
    assert asked.status_code == 200
    assert "tick this box to publish anyway" in asked.text
    assert "use use" in asked.text
    assert numbers() == [1]

    assert edit(client, page, "You may use use this site.", publish_anyway="on").status_code == 302
    assert numbers() == [1, 2]
    findings = PolicyVersion.objects.get(number=2).findings
    assert [finding["code"] for finding in findings] == ["doubled-word"]


def test_editor_is_asked_when_another_policy_says_the_opposite(publish, editor, signed_in):
    publish("We will not reduce your rights under this policy without your express consent.")
    page, _ = publish("First.", kind="terms", title="Terms")

    asked = edit(
        signed_in(editor), page,
        "We may change these terms at any time, and if you continue to use the site you accept "
        "the changed terms.",
    )  # fmt: skip

    assert "says the opposite" in asked.text
    assert "without your express consent" in asked.text


def test_editor_is_asked_when_an_announced_version_will_replace_this_one(
    publish, editor, signed_in
):
    publish("First.", kind="terms")
    page, _ = publish("Later.", kind="terms", effective_at=timezone.now() + timedelta(days=30))

    asked = edit(signed_in(editor), page, "Second.")

    assert "Version 2, announced for" in asked.text
    assert numbers() == [1, 2]


def test_words_that_mislead_for_sure_stop_publishing(publish, editor, signed_in):
    page, _ = publish("First.", kind="terms")

    response = edit(signed_in(editor), page, "Write to [company name].", publish_anyway="on")

    assert response.status_code == 200
    assert "[company name]" in response.text
    assert numbers() == [1]


def test_errors_stop_every_way_of_publishing(publish):
    with pytest.raises(PolicyNotPublishableError, match=r"\[company name\]"):
        publish("Write to [company name].", kind="terms")

    assert not PolicyDocument.objects.exists()


def test_text_recorded_later_keeps_its_faults_and_what_the_linter_said(publish):
    _, version = publish("Write to [company name].", kind="terms", is_recorded_later=True)

    assert "placeholder" in [finding["code"] for finding in version.findings]


def test_suggestion_is_put_in_as_own_words(publish, editor, signed_in):
    page, _ = publish("First.")

    response = edit(
        signed_in(editor), page, "First.", insert_suggestions=["comments.comments"],
        **{"action-publish": ""},
    )  # fmt: skip

    assert response.status_code == 302
    page.refresh_from_db()
    page = page.get_latest_revision_as_object()
    assert [block.value["heading"] for block in page.body] == ["1. First", "Comments"]
    assert "Suggested" not in str(page.body)


def test_suggestion_is_put_in_and_published_in_one_step(publish, editor, signed_in, settings):
    settings.PRIVACY_REPLY_DAYS = 15
    page, _ = publish("First.", kind="privacy")

    edit(signed_in(editor), page, "First.", insert_suggestions=["privacy.requests"],
         publish_anyway="on")  # fmt: skip

    text = PolicyVersion.objects.get(number=2).texts.get()
    assert text.clauses[1]["heading"] == "Your rights over your data"
    assert text.clauses[1]["facts"] == {"privacy.reply_days": 15, "privacy.export_days": 3,
                                         "privacy.grace_hours": 24}  # fmt: skip
    assert "within 15 days" in text.text


def test_guide_shows_suggestions_and_facts_with_their_values(publish, editor, signed_in, settings):
    settings.PRIVACY_REPLY_DAYS = 12
    page, _ = publish("First.")

    shown = signed_in(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text

    assert "We answer within 12 days." in shown
    assert "{{ privacy.reply_days }}</code>: 12" in shown


def test_fact_that_fails_takes_neither_admin_nor_publishing_down(
    publish, editor, signed_in, settings, caplog
):
    publish("We answer within {{ privacy.reply_days }} days.")
    broken = replace(policy_facts.get("privacy.reply_days"), value=lambda: 1 // 0)

    with policy_facts.temporarily(broken, only=True):
        shown = signed_in(editor).get(reverse("wagtailadmin_home"))

    assert shown.status_code == 200
    assert "nothing is known any more" in shown.text
    assert "policy fact privacy.reply_days failed: ZeroDivisionError" in caplog.text


def test_new_policy_is_numbered_by_the_software_and_tables_take_no_number(home, editor, signed_in):
    address = reverse("wagtailadmin_pages:add", args=["pages", "policypage", home.pk])
    form = signed_in(editor).get(address).context["form"]
    assert form["is_numbered"].value() is True

    parts = [
        {"heading": "One", "level": 2, "html": ""},
        {"heading": "", "level": 3, "html": "<table><tr><td>x</td></tr></table>"},
        {"heading": "", "level": 3, "html": "<p>Words.</p>"},
    ]
    assert [part.get("label", "") for part in number_clauses(parts)] == ["1. ", "", "1.1 "]


def test_closing_gaps_shows_what_changed(publish, editor, signed_in):
    page, _ = publish("First.")

    client = signed_in(editor)

    response = edit(
        client, page, "First.", renumber="on",
        **{"action-publish": "", "body-0-value-label": "7.", "body-0-value-heading": "Scope"},
    )  # fmt: skip

    assert "New numbers: 7. → 1." in client.get(response["Location"]).text
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert text_of(draft)["text"].startswith("1. Scope\n")


def test_guide_tells_what_changed_since_the_last_version(publish, editor, signed_in):
    page, _ = publish("First.")
    comments, pages = policy_texts.get("comments.comments"), policy_texts.get("pages.versions")
    other = replace(comments, text={"en": "Other words."})
    new = PolicyText("test.new", "privacy", {"en": "New here"}, {"en": "New words."})

    with policy_texts.temporarily(other, pages, new, only=True):
        found = {each.identifier: each.change for each in suggestions_for(page)}
        shown = signed_in(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert found["comments.comments"] == "changed"
    assert found["pages.versions"] == ""
    assert found["test.new"] == "new"
    assert found["privacy.requests"] == "withdrawn"
    assert "new since the last version" in shown.text


def test_drift_is_shown_on_the_first_page_of_the_admin(publish, editor, signed_in, settings):
    publish("We answer within {{ privacy.reply_days }} days.")
    client = signed_in(editor)
    assert "no longer true" not in client.get(reverse("wagtailadmin_home")).text

    settings.PRIVACY_REPLY_DAYS += 5

    shown = client.get(reverse("wagtailadmin_home")).text
    assert "no longer true" in shown
    assert "We answer within 15 days." in shown


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


def test_changing_the_entity_warns_before_a_policy_becomes_false(publish, signed_in, administrator):
    publish("Words.")
    client = signed_in(administrator)
    own = SiteIdentitySettings.load()
    address = reverse("wagtailsettings:edit", args=["pages", "siteidentitysettings", own.pk])
    form = {"timezone": "UTC", "legal_name": "Other Ltd", "contact_email": own.contact_email}

    warned = client.post(address, form)
    assert "Privacy policy" in warned.text
    assert SiteIdentitySettings.load().legal_name == "Test Ltd"

    client.post(address, {**form, "save_anyway": "on"})
    assert SiteIdentitySettings.load().legal_name == "Other Ltd"


def test_setting_the_entity_to_what_policies_say_warns_nobody(publish, signed_in, administrator):
    own = SiteIdentitySettings.load()
    publish("Words.")
    own.legal_name = "Other Ltd"
    own.save()
    address = reverse("wagtailsettings:edit", args=["pages", "siteidentitysettings", own.pk])
    form = {"timezone": "UTC", "legal_name": "Test Ltd", "contact_email": own.contact_email}

    signed_in(administrator).post(address, form)

    assert SiteIdentitySettings.load().legal_name == "Test Ltd"


def test_changing_the_discussion_warns_before_a_policy_becomes_false(
    publish, signed_in, administrator
):
    publish("Comments close after {{ comments.open_days }} days; 0 is never.", kind="comments",
            title="Comment rules")  # fmt: skip
    own = DiscussionSettings.load()
    address = reverse("wagtailsettings:edit", args=["comments", "discussionsettings", own.pk])
    kept = {name: value for name, value in model_to_dict(own).items() if value is not False}
    form = {name: "on" if value is True else value for name, value in kept.items()}
    client = signed_in(administrator)

    client.post(address, {**form, "comment_max_links": "3"})
    assert DiscussionSettings.load().comment_max_links == 3
    warned = client.post(address, {**form, "close_comments_for_old_posts": "on"})
    assert "Comment rules" in warned.text
    assert not DiscussionSettings.load().close_comments_for_old_posts

    client.post(address, {**form, "close_comments_for_old_posts": "on", "save_anyway": "on"})
    assert DiscussionSettings.load().close_comments_for_old_posts


def test_receiver_that_fails_tells_the_editor_and_keeps_what_was_public(publish, editor, signed_in):
    page, _ = publish("First.", kind="terms")
    client = signed_in(editor)

    def fails(sender, **kwargs):
        raise RuntimeError("a receiver of somebody else")

    page_published.connect(fails)
    try:
        response = edit(client, page, "Second.")
    finally:
        page_published.disconnect(fails)

    assert response.status_code == 302
    assert "what was public before still is" in client.get(reverse("wagtailadmin_home")).text
    assert numbers() == [1]
    page.refresh_from_db()
    assert "Second." in str(page.get_latest_revision_as_object().body)


@pytest.fixture
def waiting(publish, editor):
    """A policy with a draft that waits for approval in a workflow."""
    page, _ = publish("First.", kind="terms")
    page.body = words_as_body(page, "Second.")
    page.save_revision(user=editor)
    task = GroupApprovalTask.objects.create(name="Read it")
    task.groups.add(Group.objects.get(name="Editors"))
    workflow = Workflow.objects.create(name="Second reader")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    return page, workflow.start(page, editor).current_task_state


def test_approving_in_a_workflow_makes_exactly_one_version(waiting, administrator, signed_in):
    page, state = waiting

    approve(signed_in(administrator), page, state)

    assert numbers() == [1, 2]
    page.refresh_from_db()
    assert page.live
    assert "Second." in str(page.body)


def test_approval_that_fails_tells_why_and_keeps_what_was_public(waiting, administrator, signed_in):
    page, state = waiting
    client = signed_in(administrator)

    def fails(sender, **kwargs):
        raise RuntimeError("a receiver of somebody else")

    page_published.connect(fails)
    try:
        approve(client, page, state)
    finally:
        page_published.disconnect(fails)

    assert "what was public before still is" in client.get(reverse("wagtailadmin_home")).text
    assert numbers() == [1]
    page.refresh_from_db()
    assert "First." in str(page.body)
    state.refresh_from_db()
    assert state.status == "in_progress"


def approve(client, page, state):
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    return client.post(address)


def test_who_published_is_known_by_a_name_that_expires(publish, editor, administrator):
    page, _ = publish("First.", kind="terms", user=editor)
    page.body = words_as_body(page, "Second.")
    page.save_revision(user=editor).publish(user=administrator)
    first, second = PolicyVersion.objects.order_by("number")
    provider = PublisherData()

    def published(user):
        keys = list(provider.identities(Subject(email="", user_id=user.pk)))
        return [item.data["version"] for item in provider.export(keys)]

    assert (published(editor), published(administrator)) == ([1], [2])
    assert len({first.published_by, second.published_by, ""}) == 3

    keys = list(provider.identities(Subject(email="", user_id=editor.pk)))
    assert provider.erase(keys).removed == 1
    with time_machine.travel(timezone.now() + KEPT_FOR - timedelta(days=1)):
        forget_publishers.func()
        assert published(administrator) == [2]
    with time_machine.travel(timezone.now() + KEPT_FOR + timedelta(days=1)):
        forget_publishers.func()
    assert (published(editor), published(administrator)) == ([], [])
    assert first_broken_link() == (2, None)


def test_purged_revisions_leave_every_version(publish):
    publish("First.")
    publish("Second.")

    call_command("purge_revisions", verbosity=0)

    assert first_broken_link() == (2, None)
    assert [version.texts.get().text for version in PolicyVersion.objects.order_by("number")] == [
        "1. First\nFirst.\n", "1. First\nSecond.\n",
    ]  # fmt: skip


def test_copy_is_a_document_of_its_own(publish, visitor):
    page, version = publish("First.")

    copied = page.copy(update_attrs={"slug": "copy"}, keep_live=True)

    (own,) = PolicyVersion.objects.filter(page_id=copied.pk)
    assert (own.number, own.document_id != version.document_id) == (1, True)
    assert "First." in visitor.get(copied.url).text
    assert version.document.versions.count() == 1


@pytest.mark.parametrize("is_alias", [True, False])
def test_copy_for_translation_is_no_text_in_the_other_language(
    publish, chinese_home, visitor, is_alias
):
    page, _ = publish("First.")

    copied = page.copy_for_translation(chinese_home.locale, alias=is_alias)
    publish("Second.")
    if is_alias:
        ConvertAliasPageAction(copied).execute(skip_permission_checks=True)
    copied = PolicyPage.objects.get(pk=copied.pk)
    publish_words(copied, "First.")

    assert set(TextOfVersion.objects.values_list("locale", flat=True)) == {"en"}
    assert numbers() == [1, 2]
    publish_words(copied, "第二。")
    assert "第二。" in visitor.get("/zh-hans/privacy-policy/").text
    assert numbers() == [1, 2]


def test_editor_is_told_that_a_copy_is_no_translation(
    publish, chinese_home, administrator, signed_in
):
    page, _ = publish("First.", kind="terms")
    copied = page.copy_for_translation(chinese_home.locale)

    assert "Translate them first" in edit(signed_in(administrator), copied, "First.").text


def publish_words(page, words):
    page.change_summary = "Changed."
    page.body = words_as_body(page, words)
    page.save_revision().publish()


@pytest.mark.parametrize(
    "change",
    [
        {"acceptance": "acceptance"}, {"triggers": ["comment"]}, {"title": "Another title"},
        {"material": ["rights"], "effective_at": timezone.now() + timedelta(days=9)},
        {"reduces_rights": True, "acceptance": "acceptance",
         "effective_at": timezone.now() + timedelta(days=9)},
        {"updated_on": date(2020, 1, 1)}, {"version_label": "Spring"},
        {"new_functions": ["comment"]},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_same_words_with_another_claim_are_another_version(publish, change):
    page, _ = publish("Same.", kind="terms")
    page = PolicyPage.objects.get(pk=page.pk)
    page.change_summary = "Something else."
    for name, value in change.items():
        setattr(page, name, value)

    page.save_revision().publish()
    page.save_revision().publish()

    assert numbers() == [1, 2]


def test_same_words_of_another_entity_are_another_version(publish):
    publish("Same.")
    entity = SiteIdentitySettings.load()
    entity.legal_name = "Other Ltd"
    entity.save()

    _, version = publish("Same.")

    assert version.entity["legal_name"] == "Other Ltd"


def test_text_is_recorded_later_once(publish, editor, signed_in):
    page, _ = publish("Old.", kind="terms", is_recorded_later=True)
    client = signed_in(editor)

    assert edit(client, page, "Write to [company name].").status_code == 200
    assert edit(client, page, "Write to us.").status_code == 302
    publish_words(PolicyPage.objects.get(pk=page.pk), "Write to us soon.")

    recorded = PolicyVersion.objects.order_by("number").values_list("is_recorded_later", flat=True)
    assert list(recorded) == [True, False, False]


def test_policy_keeps_its_kind(publish, editor, signed_in):
    page, _ = publish("First.", kind="terms")

    response = edit(signed_in(editor), page, "Second.", kind="cookies")

    assert "keep their kind" in response.text
    assert numbers() == [1]


def test_day_of_the_update_is_one_of_the_sites_time_zone(publish):
    shanghai = ZoneInfo("Asia/Shanghai")
    with (
        time_machine.travel(datetime(2026, 10, 6, 20, tzinfo=UTC), tick=False),
        timezone.override(shanghai),
    ):
        _, version = publish(
            "One.", updated_on=date(2026, 10, 7),
            effective_at=datetime(2026, 10, 7, 6, tzinfo=shanghai),
        )  # fmt: skip

    assert version.updated_on == date(2026, 10, 7)


@pytest.mark.parametrize("is_recorded_later", [True, False])
@pytest.mark.parametrize("year", [1, 9999])
def test_moment_that_other_zones_cannot_show_is_refused(publish, year, is_recorded_later):
    with pytest.raises(PolicyNotPublishableError, match="Choose a moment between 1900"):
        publish(
            "One.", effective_at=datetime(year, 12, 31, 23, tzinfo=UTC),
            is_recorded_later=is_recorded_later,
        )  # fmt: skip


def test_scheduled_page_must_keep_its_notice_from_the_day_it_goes_live(
    publish, editor, signed_in, settings
):
    page, _ = publish("First.", kind="terms")
    now = timezone.now()
    fields = {
        "go_live_at": (now + timedelta(days=5)).strftime("%Y-%m-%d %H:%M"),
        "material": ["rights"], "publish_anyway": "on",
    }  # fmt: skip

    soon = (now + timedelta(days=9)).strftime("%Y-%m-%d %H:%M")
    refused = edit(signed_in(editor), page, "Second.", effective_at=soon, **fields)
    assert "7 days before" in refused.text
    later = (now + timedelta(days=13)).strftime("%Y-%m-%d %H:%M")
    assert edit(
        signed_in(editor), page, "Second.", effective_at=later, **fields
    ).status_code == 302  # fmt: skip

    with time_machine.travel(now + timedelta(days=5, minutes=1)):
        publish_scheduled.func()
    assert numbers() == [1, 2]


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Europe/London", datetime(2026, 10, 25, 1, 30)),  # this hour comes twice
        ("Europe/London", datetime(2027, 3, 28, 1, 30)),  # this hour never comes
        ("Pacific/Kiritimati", datetime(2027, 1, 1)),
        ("America/New_York", datetime(2026, 12, 31, 23, 59, 59)),
        ("Asia/Shanghai", datetime(2028, 2, 29)),
    ],
)
@pytest.mark.parametrize("distance", [timedelta(milliseconds=-1), timedelta(0),
                                      timedelta(milliseconds=1)])  # fmt: skip
def test_switch_is_exact_in_every_zone(publish, visitor, zone, local, distance):
    switch = local.replace(tzinfo=ZoneInfo(zone))
    with time_machine.travel(datetime(2026, 10, 1, tzinfo=UTC), tick=False):
        publish("First.")
        publish("Second.", effective_at=switch)

    with time_machine.travel(switch + distance, tick=False):
        document = PolicyDocument.objects.get()
        shown = visitor.get("/wp-json/candour/v1/policies/privacy-policy/in-force").json()

    expected = 1 if distance < timedelta(0) else 2
    assert document.in_force(switch + distance).number == expected
    assert shown["number"] == expected


def test_material_change_is_announced_on_every_page_until_it_holds(publish, visitor, home):
    now = timezone.now()
    publish("First.")
    publish("Second.", material=["rights"], effective_at=now + timedelta(days=9))

    assert "read what is coming" in visitor.get("/").text
    with time_machine.travel(now + timedelta(days=9, seconds=1), tick=False):
        assert "read what is coming" not in visitor.get("/").text


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


def test_failing_page_keeps_its_schedule_tells_the_editor_and_stops_no_other(
    publish, journal, editor, signed_in
):
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

        shown = signed_in(editor).get(reverse("wagtailadmin_home")).text

    assert numbers() == [1]
    revision.refresh_from_db()
    assert revision.approved_go_live_at is not None
    assert Page.objects.get(pk=journal.pk).title == "A new title"
    assert "Scheduled, but not published" in shown
    assert "Say in a sentence what changed" in shown


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages_policyversion SET number = 7",
        "DELETE FROM pages_policyversion",
        "UPDATE pages_policytext SET text = 'changed'",
        "DELETE FROM pages_policytext",
        "UPDATE pages_policydocument SET slug = 'other'",
        "DELETE FROM pages_policydocument",
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
        TextOfVersion.objects.update(text="changed")
    if connection.vendor == "sqlite":
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("REPLACE INTO pages_policytext SELECT * FROM pages_policytext")


def test_chain_is_whole_and_a_broken_link_is_named(publish):
    publish("One.")
    publish("Two.")
    assert first_broken_link() == (2, None)

    text = TextOfVersion.objects.get(version__number=1)
    from pages.freezing import freeze, thaw

    thaw(connection)
    TextOfVersion.objects.filter(pk=text.pk).update(text="Quietly changed.\n")
    freeze(connection)

    _, broken = first_broken_link()
    assert broken["version"] == 1
    assert "not what was published" in broken["reason"]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("policytext", "title = 'x'"), ("policytext", "html = 'x'"), ("policytext", "text = 'x'"),
        ("policytext", "summary = 'x'"), ("policytext", "locale = 'fr'"),
        ("policyversion", "effective_at = '2020-01-01'"),
        ("policyversion", "holds_from = '2020-01-01'"), ("policyversion", "label = 'x'"),
        ("policyversion", "published_by = 'x'"),
        ("policyversion", "revision_id = revision_id + 99"),
        ("policyversion", "effective_zone = 'x'"), ("policyversion", "number = number + 5"),
        ("policyversion", "acceptance = 'none', reduces_rights = (1 = 1)"),
        ("policydocument", "authoritative_locale = 'fr'"), ("policydocument", "slug = 'x'"),
        ("policydocument", "kind = 'other'"),
    ],
)  # fmt: skip
def test_whatever_is_changed_behind_the_guards_is_found(publish, table, change):
    publish("First.", acceptance="acknowledgement")
    publish("Second.", acceptance="acknowledgement")
    thaw(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE pages_{table} SET {change}")
    freeze(connection)

    assert first_broken_link()[1] is not None


@pytest.mark.parametrize("what", ["changed", "removed", "added"])
def test_translation_that_was_tampered_with_is_found(publish, chinese_home, what):
    page, _ = publish("One.")
    if what != "added":
        publish("一。", parent=chinese_home, title="隐私政策", translation_of=page)
    publish("Two.")
    clauses = make_clauses([clause("假的。")])
    forged = text_fields(PolicyPage(title="隐私政策", locale=chinese_home.locale), clauses)
    texts = TextOfVersion.objects.filter(version__number=1)

    thaw(connection)
    if what == "changed":
        texts.filter(locale="zh-hans").update(**forged)
    elif what == "removed":
        texts.filter(locale="zh-hans").delete()
    else:
        texts.create(
            version=texts.get().version, locale="zh-hans", is_authoritative=False, **forged
        )
    freeze(connection)

    assert "translation" in first_broken_link()[1]["reason"]


def test_guard_that_is_gone_or_does_nothing_is_told_and_mended(publish):
    publish("Frozen.")
    table = "pages_policytext"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {table}_no_update")
            cursor.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT 1; END"
            )
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")

    (warning,) = check_guards(None, databases=["default"])
    assert table in warning.msg
    freeze(connection)

    assert check_guards(None, databases=["default"]) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        TextOfVersion.objects.update(text="changed")


def test_page_without_a_version_is_no_public_page(home, visitor):
    page = PolicyPage(title="Empty", kind="other", live=True)
    home.add_child(instance=page)

    assert visitor.get(page.url).status_code == 404
    assert visitor.get(f"/wp-json/wp/v2/pages/{page.pk}").status_code == 404
    for address in ("/", "/sitemap.xml", "/wp-json/candour/v1/policies"):
        assert "/empty/" not in visitor.get(address).text
    assert PolicyVersion.objects.count() == 0


def test_live_page_with_a_bad_text_never_goes_live(home):
    page = PolicyPage(title="Bad", kind="other", live=False)
    home.add_child(instance=page)

    with pytest.raises(ValidationError):
        page.save_revision().publish()

    page.refresh_from_db()
    assert not page.live


def test_new_policy_is_written_and_published_in_the_admin(home, signed_in, editor):
    client = signed_in(editor)
    address = reverse("wagtailadmin_pages:add", args=["pages", "policypage", home.pk])
    assert client.get(address).status_code == 200
    page = PolicyPage(title="Terms", slug="terms", kind="terms")

    response = client.post(address, edit_form(page, "First words."))

    assert response.status_code == 302, response.text[:3000]
    assert numbers() == [1]
