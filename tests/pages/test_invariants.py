"""Invariants 1 and 2: deliberately wrong implementations must be caught by these checks."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.signals import page_published

from pages import publishing
from pages.models import PolicyDocument, PolicyPage, PolicyVersion
from pages.services.policies import publish_policy

pytestmark = pytest.mark.django_db


def publish(home, text, **fields):
    return publish_policy(
        parent=home, kind="terms", title="Terms", summary="Changed.",
        clauses=[{"heading": "1", "level": 2, "html": f"<p>{text}</p>"}], **fields,
    )  # fmt: skip


def faults_of_publishing(home) -> list[str]:
    """Publish, schedule and fail; return where the number of versions is not what was published."""
    faults = []
    page, _ = publish(home, "One.")
    if PolicyVersion.objects.count() != 1:
        faults.append("publishing made no version")
    page.change_summary = "Later."
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "1", "level": "2", "text": "<p>Two.</p>"})]
    )
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    if PolicyVersion.objects.count() > 1:
        faults.append("a page that is only scheduled made a version")

    page.go_live_at = None
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "1", "level": "2", "text": "<p>Three.</p>"})]
    )

    def fails(sender, **kwargs):
        raise RuntimeError

    page_published.connect(fails)
    try:
        page.save_revision().publish()
    except RuntimeError:
        pass
    finally:
        page_published.disconnect(fails)
    if "Three." in str(PolicyPage.objects.get(pk=page.pk).body):
        faults.append("a failed publishing left its words live")
    if PolicyVersion.objects.count() > 1:
        faults.append("a failed publishing made a version")
    return faults


def test_publishing_makes_exactly_one_version_or_none(home):
    assert faults_of_publishing(home) == []


def test_version_made_by_a_receiver_of_page_published_is_caught(home, monkeypatch):
    right = publishing.record_version
    monkeypatch.setattr(publishing, "record_version", lambda page: None)
    monkeypatch.setattr(
        PublishPageRevisionAction, "execute", PublishPageRevisionAction.execute.unwrapped
    )

    def receiver(sender, instance, revision, **kwargs):
        instance.live_revision = revision
        right(instance)

    page_published.connect(receiver, sender=PolicyPage)
    try:
        assert faults_of_publishing(home) != []
    finally:
        page_published.disconnect(receiver, sender=PolicyPage)


def faults_of_switch(home, in_force) -> list[str]:
    """Return at which moments around a switch a way of deciding names the wrong version."""
    switch = timezone.now() + timedelta(days=10)
    publish(home, "Before.")
    publish(home, "After.", effective_at=switch)
    document = PolicyDocument.objects.get()
    faults = []
    for moment, number in (
        (switch - timedelta(milliseconds=1), 1),
        (switch, 2),
        (switch + timedelta(days=400), 2),
    ):
        with time_machine.travel(moment, tick=False):
            if in_force(document) != number:
                faults.append(f"{moment}: not version {number}")
    return faults


def test_in_force_is_exact_at_the_switch(home):
    assert faults_of_switch(home, lambda document: document.in_force().number) == []


def test_in_force_kept_by_an_hourly_job_is_caught(home):
    kept = {}

    def by_a_flag(document):
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        kept.setdefault(hour, document.in_force(hour))
        return kept[hour].number if kept[hour] else None

    assert faults_of_switch(home, by_a_flag) != []


def test_newest_number_taken_for_the_one_in_force_is_caught(home):
    newest = lambda document: document.versions.order_by("-number").first().number  # noqa: E731

    assert faults_of_switch(home, newest) != []
