"""Publishing policies from data: importer, command and demo go this way."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from pages.errors import PolicyNotPublishableError
from pages.models import PolicyPage, PolicyVersion


def publish_policy(
    *,
    parent: Page,
    kind: str,
    title: str,
    clauses: Sequence[dict[str, Any]],
    summary: str,
    slug: str = "",
    updated_on: date | None = None,
    effective_at: datetime | None = None,
    material: Sequence[str] = (),
    reduces_rights: bool = False,
    acceptance: str = "none",
    triggers: Sequence[str] = ("register",),
    is_correction: bool = False,
    is_recorded_later: bool = False,
    publish: bool = True,
    translation_of: PolicyPage | None = None,
    user: Any = None,
) -> tuple[PolicyPage, PolicyVersion | None]:
    """Write a policy's text and, unless `publish` is off, make it the next version.

    The page is the one below `parent` with this kind and title, made where there is none.
    `clauses` have label, heading, level, html, is_emphasised and is_sensitive. Returns the page
    and the version (None for a draft, or when nothing is new). Raises PolicyNotPublishableError,
    in which case nothing has changed. A text `is_recorded_later` may lie in the past or have no
    date.
    """
    values = {
        "body": [
            (
                "clause",
                {
                    "label": clause.get("label", ""),
                    "heading": clause["heading"],
                    "level": str(clause["level"]),
                    "text": clause["html"],
                    "is_emphasised": clause.get("is_emphasised", False),
                    "is_sensitive": clause.get("is_sensitive", False),
                },
            )
            for clause in clauses
        ],
        "change_summary": summary,
        "updated_on": updated_on,
        "effective_at": effective_at,
        "material": list(material),
        "reduces_rights": reduces_rights,
        "acceptance": acceptance,
        "triggers": list(triggers),
        "is_correction": is_correction,
        "is_recorded_later": is_recorded_later,
    }
    try:
        with transaction.atomic():
            # Two who bring in the same policy at once would each add a page for it.
            Page.objects.select_for_update().get(pk=parent.pk)
            page = find_or_add(parent, kind, title, slug, translation_of, user)
            stream = page.body.stream_block
            page.body = stream.normalize(values.pop("body"))
            for name, value in values.items():
                setattr(page, name, value)
            revision = page.save_revision(user=user)
            if publish:
                revision.publish(user=user, skip_permission_checks=True)
    except ValidationError as error:
        raise PolicyNotPublishableError(" ".join(error.messages)) from error
    page.refresh_from_db()
    version = PolicyVersion.objects.filter(page_id=page.pk, revision_id=revision.pk).first()
    return page, version


def find_or_add(
    parent: Page, kind: str, title: str, slug: str, translation_of: PolicyPage | None, user: Any
) -> PolicyPage:
    pages = PolicyPage.objects.filter(locale=parent.locale)
    if translation_of is not None:
        page = pages.filter(translation_key=translation_of.translation_key).first()
    else:
        page = pages.filter(kind=kind, title=title).first()
    if page is not None:
        page.title = title
        return page
    page = PolicyPage(title=title, kind=kind, locale=parent.locale, live=False, owner=user)
    if slug:
        page.slug = slug
    if translation_of is not None:
        page.translation_key = translation_of.translation_key
    parent.add_child(instance=page)
    return page
