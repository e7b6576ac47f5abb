import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from pages.errors import PolicyNotPublishableError
from tests.pages.made import clause

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(publish):
    page, _ = publish("We answer within 30 days of your request.")
    publish("We answer within 15 days of your request.", summary="Quicker answers.")
    return page


def test_comparison_shows_what_went_and_what_came(two, visitor):
    answer = visitor.get(f"{two.url}compare/1...2/")

    assert answer.status_code == 200
    assert ":</span> " not in answer.text
    assert "removed: </span>30<" in answer.text
    assert "added: </span>15<" in answer.text
    assert "Quicker answers." in answer.text
    assert "30 → 15" in answer.text


def test_comparison_of_versions_that_are_not_there_is_not_found(two, visitor):
    assert visitor.get(f"{two.url}compare/1...9/").status_code == 404
    assert visitor.get(f"{two.url}compare/99999999999...2/").status_code == 404


def test_form_leads_to_the_comparison_and_nowhere_else(two, visitor):
    answer = visitor.get(f"{two.url}compare/?from=2&to=1")
    assert answer["Location"] == f"{two.url}compare/2...1/"

    for bad in ("", "?from=//evil.example&to=1", "?from=1", "?from=²&to=1"):
        assert visitor.get(f"{two.url}compare/{bad}")["Location"] == f"{two.url}versions/"


def test_difference_in_the_api_leads_from_the_one_text_to_the_other(two, visitor):
    found = visitor.get("/wp-json/candour/v1/policies/privacy-policy/diff?from=1&to=2")

    assert found.status_code == 200
    body = found.json()
    assert body["counts"] == {"added": 0, "removed": 0, "changed": 1, "unchanged": 0}
    (each,) = body["clauses"]
    assert each["numbers"] == {"from": ["30"], "to": ["15"]}
    new = "".join(span["text"] for span in each["spans"] if span["kind"] != "delete")
    assert new == "1. First\nWe answer within 15 days of your request."


@pytest.mark.parametrize("query", ["", "?from=1", "?from=a&to=2", "?from=1&to=1.5"])
def test_difference_says_what_it_needs(two, visitor, query):
    answer = visitor.get(f"/wp-json/candour/v1/policies/privacy-policy/diff{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] in {"rest_missing_callback_param", "rest_invalid_param"}


@pytest.mark.parametrize(
    "at",
    ["2026-10-07", "2026-10-07T09:30:00", "2026-10-07T09:30:00Z", "2026-10-07T09:30:00+08:00",
     "2026-10-07T09:30:00%2B08:00", "2026-10-07T09:30:00.123456-05:00", "20261007T093000Z"],
)  # fmt: skip
def test_moment_may_be_written_as_people_write_it(publish, visitor, at):
    with time_machine.travel("2026-10-01T00:00:00Z", tick=False):
        publish("Words.")

    with time_machine.travel("2026-11-01T00:00:00Z", tick=False):
        answer = visitor.get(f"/wp-json/candour/v1/policies/privacy-policy/in-force?at={at}")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("at", ["soon", "", "2026-13-01", "2026-10-07T25:00:00Z", "٢٠٢٦", "%00"])
def test_moment_that_is_none_is_explained(publish, visitor, at):
    publish("Words.")

    answer = visitor.get(f"/wp-json/candour/v1/policies/privacy-policy/in-force?at={at}")

    assert answer.status_code == 400
    assert "It looks like 2026-10-07" in answer.text


def test_plain_text_has_every_word(two, visitor):
    answer = visitor.get(f"{two.url}versions/1/text/")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Privacy policy\n\n1. First\nWe answer within 30 days of your request.\n"
    )


def test_feed_tells_of_changes_and_not_of_corrections(two, publish, visitor):
    publish("We answer within 15 days of your requests.", is_correction=True)

    feed = visitor.get("/wp-json/candour/v1/policies/feed")

    assert feed["Content-Type"].startswith("application/atom+xml")
    assert feed.text.count("<entry>") == 2
    assert "Quicker answers." in feed.text
    assert f"{two.url}versions/2/" in feed.text


def test_past_version_may_be_kept_long_and_the_one_in_force_not(two, visitor):
    base = "/wp-json/candour/v1/policies/privacy-policy/versions"

    assert "max-age=86400" in visitor.get(f"{base}/1")["Cache-Control"]
    assert "max-age=86400" not in visitor.get(f"{base}/2").get("Cache-Control", "")


def test_marks_are_words_and_not_only_looks(home, visitor, publish):
    from pages.services.policies import publish_policy

    page, _ = publish_policy(
        parent=home, kind="terms", title="Terms", summary="New.",
        clauses=[clause("Mind this.") | {"is_emphasised": True, "is_sensitive": True}],
    )  # fmt: skip

    assert (
        '<p class="clause-mark">Important · Sensitive personal data</p>'
        in visitor.get(page.url).text
    )


def test_translation_that_lags_is_marked_with_its_version(
    publish,
    chinese_home,
    visitor,
):
    page, _ = publish("One.")
    chinese, _ = publish("一。", parent=chinese_home, title="隐私政策", translation_of=page)
    publish("Two.")

    shown = visitor.get(chinese.url)

    assert "Two." in shown.text
    assert f'href="{chinese.url}versions/1/"' in shown.text
    assert "一。" in visitor.get(f"{chinese.url}versions/1/").text


# Corrections


def correct(publish, text, **more):
    return publish(text, is_correction=True, summary="Spelling.", **more)


def test_correction_is_a_version_that_asks_nobody_again(publish):
    publish("We answer within 15 days of yuor request.", acceptance="acceptance")

    _, version = correct(
        publish, "We answer within 15 days of your request.", acceptance="acceptance"
    )

    assert (version.number, version.is_correction) == (2, True)
    assert version.document.in_force() == version


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("We answer within 16 days of your request.", "number or a date"),
        ("We do not answer within 15 days of your request.", "such as"),
        ("We answer within 15 days of your request. Tuesday.", "number or a date"),
        ("We answer within 15 days of your complaint.", "more than a typing error"),
        ("We answer within 15 days of your paid request.", "more than a typing error"),
        ("We answer within 15 days.", "more than a typing error"),
        ("We answer after 15 days of your request.", "such as"),
        ("We answer within 15 weeks of your request.", "number or a date"),
        ('We answer within 15 days of your <a href="/x">request</a>.', "link elsewhere"),
    ],
)
def test_correction_may_not_change_what_is_promised(publish, text, sentence):
    publish("We answer within 15 days of your request.")

    with pytest.raises(PolicyNotPublishableError, match=sentence):
        correct(publish, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We recieve your mesage and answer it", "We receive your message, and answer it."),
        ("We keep the the order.", "We keep the order."),
        ("A adress is kept for the order .", "An address is kept for the order."),
        ("我们会保存您的评认和邮箱。", "我们会保存您的评论和邮箱。"),
        ("您可以要求删除您数据。", "您可以要求删除您的数据。"),
    ],
)
def test_typing_errors_are_corrected(publish, old, new):
    publish(old, kind="terms", is_recorded_later=True)

    _, version = correct(publish, new, kind="terms")

    assert version.is_correction


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("我们保存三十天。", "我们保存十五天。"),
        ("我们会保存您的数据。", "我们不会保存您的数据。"),
        ("我们会保存您的数据。", "我们会出售您的数据。"),
        ("We keep thirty copies.", "We keep fifteen copies."),
        ("We keep your address.", "We sell your address."),
        ("It costs €5 in all.", "It costs $5 in all."),
    ],
)
def test_other_words_are_no_correction(publish, old, new):
    publish(old, kind="terms")

    with pytest.raises(PolicyNotPublishableError):
        correct(publish, new, kind="terms")


def test_first_version_corrects_nothing(publish):
    with pytest.raises(PolicyNotPublishableError, match="no version to correct"):
        correct(publish, "Words.")


# Facts and the legal entity


def test_fact_is_filled_in_and_frozen(publish, settings, visitor):
    settings.PRIVACY_REPLY_DAYS = 15
    page, version = publish("We answer within {{ privacy.reply_days }} days.")

    text = version.texts.get()
    assert "within 15 days" in text.text
    assert text.clauses[0]["facts"] == {"privacy.reply_days": 15}

    settings.PRIVACY_REPLY_DAYS = 20
    assert "within 15 days" in visitor.get(f"{page.url}text/").text


def test_drift_names_the_sentence_that_is_no_longer_true(publish, settings, capsys):
    from django.core.management import CommandError, call_command

    settings.PRIVACY_REPLY_DAYS = 15
    publish("We are here. We answer within {{ privacy.reply_days }} days. Thank you.")
    call_command("policies", "drift", json=True)
    assert json.loads(capsys.readouterr().out)["drift"] == []

    settings.PRIVACY_REPLY_DAYS = 20
    with pytest.raises(CommandError) as failed:
        call_command("policies", "drift", json=True)

    assert failed.value.returncode == 1
    (found,) = json.loads(capsys.readouterr().out)["drift"]
    assert found["sentence"] == "We answer within 15 days."
    assert (found["promised"], found["running"]) == (15, 20)


def test_unknown_fact_stops_publishing(publish):
    with pytest.raises(PolicyNotPublishableError, match=r"privacy\.replay_days"):
        publish("We answer within {{ privacy.replay_days }} days.")


def test_empty_entity_stops_a_privacy_policy_and_names_the_fields(publish):
    from pages.errors import PolicyNotPublishableError
    from pages.models import SiteIdentitySettings

    entity = SiteIdentitySettings.load()
    entity.legal_name = entity.contact_email = ""
    entity.save()

    with pytest.raises(PolicyNotPublishableError, match="legal name, address for privacy"):
        publish("Words.")
    with pytest.raises(PolicyNotPublishableError, match="authority for complaints"):
        publish("Complain to {{ entity.complaint_authority }}.", kind="terms", title="Terms")
    assert publish("Words.", kind="terms", title="Terms")[1].number == 1


def test_entity_is_frozen_and_shown_with_the_version(publish, visitor):
    from pages.models import SiteIdentitySettings

    page, version = publish("Words.")
    entity = SiteIdentitySettings.load()
    entity.legal_name = "Other Ltd"
    entity.save()

    assert version.entity["legal_name"] == "Test Ltd"
    assert "Test Ltd" in visitor.get(page.url).text


def test_material_change_needs_the_promised_notice(publish, settings):
    settings.POLICIES_NOTICE_DAYS = 7
    publish("One.")
    now = timezone.now()

    for moment in (None, now + timedelta(days=6)):
        with pytest.raises(PolicyNotPublishableError, match="7 days before"):
            publish("Two.", material=["rights"], effective_at=moment)
    later = now + timedelta(days=7, minutes=2)
    _, version = publish("Two.", material=["rights"], effective_at=later)
    assert version.effective_at == later
