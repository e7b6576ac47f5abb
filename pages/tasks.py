"""Work on pages that nobody waits for."""

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision

from pages.announcing import announce_version
from pages.block_editor.references import DEEPEST, references_in
from pages.models import PolicyPublisher, PostPage, PublicPage, ReusableBlock, StandardPage
from pages.notice_sending import send_batch
from pages.personal_data import KEPT_FOR
from pages.sealing import remove_expired, seal_batch
from pages.subscriptions import ask_to_confirm, forget_unconfirmed

logger = logging.getLogger(__name__)


@task()
def publish_scheduled() -> None:
    """Publish what is due and unpublish what has expired, one transaction each.

    Wagtail's own command stops at the first page that fails, whose schedule it has cleared by
    then; here a failing page keeps its schedule and the others go on. Safe to run twice.
    """
    now = timezone.now()
    due = Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by(
        "approved_go_live_at"
    )
    for revision in due:
        try:
            with transaction.atomic():
                revision.publish(log_action=True)
        except Exception as error:  # noqa: BLE001  one page must not stop the others
            logger.error("Scheduled revision %s: %s", revision.pk, type(error).__name__)
    for page in Page.objects.live().filter(expire_at__lte=now):
        try:
            with transaction.atomic():
                page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        except Exception as error:  # noqa: BLE001  one page must not stop the others
            logger.error("Scheduled end of page %s: %s", page.pk, type(error).__name__)


@task()
def render_pages_with_image(image_id: int) -> None:
    """Render anew the pages that show an image which changed, or may. Safe to run twice."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None:
        return
    references = ReferenceIndex.get_references_to(image).values_list("object_id", flat=True)
    shown_on = {int(pk) for pk in references if str(pk).isdigit()}
    if image.attached_to_id:
        # A gallery shows what is attached to its page.
        shown_on.add(image.attached_to_id)
    pages = Page.objects.filter(pk__in=shown_on).specific()
    for page in pages:
        if isinstance(page, PublicPage):
            with transaction.atomic():
                page.render_again()


@task()
def render_pages_with_blocks(block_ids: list[int]) -> None:
    """Render anew the entries that show reusable blocks which changed. Safe to run twice."""
    changed = set(block_ids)
    rows = ReusableBlock.objects.filter(raw_content__contains="wp:block ")
    inner = {key: references_in(text) for key, text in rows.values_list("pk", "raw_content")}
    for _ in range(DEEPEST):
        changed |= {key for key, shown in inner.items() if shown & changed}
    for model in (PostPage, StandardPage):
        for page in model.objects.filter(raw_content__contains="wp:block ").iterator(100):
            if references_in(page.raw_content) & changed:
                with transaction.atomic():
                    page.render_again()


@task()
def seal_acceptances() -> None:
    """Seal what people agreed to since the last time. Safe to run twice and at once."""
    while seal_batch():
        pass


@task()
def forget_publishers() -> None:
    """Forget who published versions, once nobody has to know any more. Safe to run twice."""
    PolicyPublisher.objects.filter(at__lte=timezone.now() - KEPT_FOR).delete()


@task()
def remove_expired_acceptances() -> None:
    """Remove the events whose day has come. Safe to run twice and at once."""
    while remove_expired(timezone.localdate()):
        pass


@task()
def announce(version_id: int) -> None:
    """Tell of a version in the journals of its languages. Safe to run twice."""
    announce_version(version_id)


@task()
def confirm_subscription(subscriber_id: int) -> None:
    """Ask the owner of an address to confirm a subscription. Safe to run twice."""
    ask_to_confirm(subscriber_id)


@task()
def forget_unconfirmed_subscriptions() -> None:
    """Forget the addresses that nobody confirmed in time. Safe to run twice."""
    forget_unconfirmed()


@task()
def send_notices() -> None:
    """Send the next batch of notices of policy changes, and come again while there are more.

    A batch is a task of its own, so that other tasks have their turn in between; the worker's
    clock takes up what a dead worker left. Safe to run twice, and in several workers.
    """
    if send_batch():
        send_notices.enqueue()
