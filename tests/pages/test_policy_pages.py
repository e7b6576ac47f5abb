import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from pages.errors import PolicyNotPublishableError
from pages.models import SiteIdentitySettings
from pages.services.policies import publish_policy
from tests.pages.made import clause
from tests.pages.test_publishing import words_as_body

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


def test_title_is_that_of_the_text_in_force_and_not_of_the_page(home, publish, visitor):
    page, _ = publish("One.", kind="terms", title="Old title")
    switch = timezone.now() + timedelta(days=3)
    page.title, page.body = "New title", words_as_body(page, "Two.")
    page.change_summary, page.effective_at = "Another title.", switch
    page.save_revision().publish()
    addresses = ("/", page.url, f"{page.url}versions/", f"{page.url}compare/1...2/")

    for moment, shown, hidden in (
        (switch - timedelta(milliseconds=1), "Old title", "New title"),
        (switch, "New title", "Old title"),
    ):
        with time_machine.travel(moment, tick=False):
            for address in addresses:
                text = visitor.get(address).text
                assert shown in text, address
                assert hidden not in text, address


def test_moments_are_shown_in_the_zone_they_were_given_in(publish, visitor):
    own = SiteIdentitySettings.load()
    own.timezone = "Asia/Shanghai"
    own.save()
    page, _ = publish("One.")
    switch = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel("2026-12-01T00:00:00Z", tick=False):
        publish("Two.", effective_at=switch)
        own.timezone = "America/New_York"
        own.save()

        for address in (page.url, f"{page.url}versions/", f"{page.url}versions/2/",
                        f"{page.url}compare/1...2/"):  # fmt: skip
            assert "1 January 2027, 00:00 CST" in visitor.get(address).text, address
        feed = visitor.get("/wp-json/candour/v1/policies/feed").text
    assert "1 January 2027, 00:00 CST" in feed


def test_page_leads_to_its_neighbours_and_its_other_language(publish, chinese_home, visitor):
    page, _ = publish("One.")
    publish("Two.")
    chinese, _ = publish("二。", parent=chinese_home, title="隐私政策", translation_of=page)
    publish("Three.", effective_at=timezone.now() + timedelta(days=1))

    shown = visitor.get(f"{page.url}versions/2/").text

    for relation, number in (("predecessor", 1), ("successor", 3), ("latest", 3)):
        assert f'<link rel="{relation}-version" href="{page.url}versions/{number}/">' in shown
    assert f'href="{chinese.url}versions/2/" lang="zh-hans"' in shown
    assert f'hreflang="zh-hans" href="{chinese.url}"' in visitor.get(page.url).text
    assert f'href="{chinese.url}versions/3/"' not in visitor.get(f"{page.url}versions/3/").text


def test_feed_speaks_the_language_that_is_asked_for(publish, chinese_home, visitor):
    page, _ = publish("One.")
    chinese, _ = publish(
        "一。", parent=chinese_home, title="隐私政策", translation_of=page, summary="首个版本。"
    )

    shown = visitor.get("/wp-json/candour/v1/policies/feed?lang=zh-hans").text

    assert "首个版本。" in shown
    assert f"{chinese.url}versions/1/" in shown
    assert "feed?lang=zh-hans" in visitor.get(chinese.url).text


@pytest.mark.parametrize("page_number", ["9" * 5000, "²", "-1", "0", "x"])
def test_list_of_versions_takes_any_page_number(two, visitor, page_number):
    assert visitor.get(f"{two.url}versions/", {"page": page_number}).status_code == 200


EVIL = (
    '<script>alert(1)</script><img src="x" onerror="alert(2)"><a href="javascript:alert(3)">go</a>'
    '<iframe src="//evil.example"></iframe><p onclick="alert(4)" style="color:red">fine</p>'
    "<style>p{}</style><form><input></form><svg onload=alert(5)></svg>"
)


def test_nothing_in_a_policy_runs_or_loads(home, visitor):
    entity = SiteIdentitySettings.load()
    entity.legal_name = "<script>alert(6)</script> Ltd"
    entity.save()
    words = "<script>alert(7)</script>"
    for text in ("", "more"):
        page, _ = publish_policy(
            parent=home, kind="terms", title=f"Terms {words}", slug="terms", summary=words,
            clauses=[{"label": f"1 {words} ", "heading": f"H {words}", "level": 2,
                      "html": f"<p>{EVIL} {{{{ entity.legal_name }}}} {text}</p>"}],
            is_recorded_later=True,
        )  # fmt: skip
    shown = [
        visitor.get(address).text
        for address in (page.url, f"{page.url}versions/", f"{page.url}compare/1...2/", "/")
    ]
    shown.append(visitor.get(f"/wp-json/wp/v2/pages/{page.pk}").json()["content"]["rendered"])
    item = visitor.get("/wp-json/candour/v1/policies/terms/versions/2").json()
    shown += [item["html"], item["clauses"][0]["html"]]

    for text in shown:
        for mark in ("<script>alert", "onerror", "javascript:", "<iframe", "onclick", "style=",
                     "<style>p", "<svg", "evil.example"):  # fmt: skip
            assert mark not in text, (mark, text[:200])
    assert "fine" in item["text"]


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "9" * 5000]
)
def test_moment_beyond_the_calendar_is_explained(publish, visitor, at):
    publish("Words.")

    answer = visitor.get(f"/wp-json/candour/v1/policies/privacy-policy/in-force?at={at}")

    assert answer.status_code == 400
    assert "It looks like 2026-10-07" in answer.text


def test_what_may_change_by_itself_is_asked_for_each_time(publish, visitor):
    publish("One.")
    publish("Two.")
    publish("Three.", effective_at=timezone.now() + timedelta(days=1))
    base = "/wp-json/candour/v1/policies"

    for path in ("", "/feed", "/privacy-policy", "/privacy-policy/versions",
                 "/privacy-policy/versions/2", "/privacy-policy/versions/3",
                 "/privacy-policy/in-force", "/privacy-policy/diff?from=2&to=3"):  # fmt: skip
        control = visitor.get(f"{base}{path}")["Cache-Control"]
        assert control == "public, max-age=0, must-revalidate", path
    for path in ("/versions/1", "/diff?from=1&to=2"):
        assert visitor.get(f"{base}/privacy-policy{path}")["Cache-Control"] == (
            "public, max-age=86400"
        )


# Corrections


def correct(publish, text, **more):
    return publish(text, is_correction=True, summary="Spelling.", **more)


def test_correction_is_a_version_that_asks_nobody_again(publish):
    asks = {"acceptance": "acknowledgement"}
    publish("We answer within 15 days of yuor request.", **asks)

    _, version = correct(publish, "We answer within 15 days of your request.", **asks)

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
    entity = SiteIdentitySettings.load()
    entity.legal_name = entity.contact_email = ""
    entity.save()

    with pytest.raises(PolicyNotPublishableError, match="legal name, address for privacy"):
        publish("Words.")
    with pytest.raises(PolicyNotPublishableError, match="authority for complaints"):
        publish("Complain to {{ entity.complaint_authority }}.", kind="terms", title="Terms")
    assert publish("Words.", kind="terms", title="Terms")[1].number == 1


def test_entity_is_frozen_and_shown_with_the_version(publish, visitor):
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
