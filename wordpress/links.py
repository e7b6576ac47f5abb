"""Addresses at which a front end shows items of declared types, as WordPress would make them."""

from urllib.parse import quote

from core.extensions.content_kinds import CustomType
from core.rest.urls import page_url
from pages.statuses import PRIVATE, PUBLISH
from wordpress.kept import slugs_above
from wordpress.models import KeptRecord


def link_of(kind: CustomType, record: KeptRecord) -> str:
    """Return an item's address; what is not public is known by its number alone."""
    if record.status not in (PUBLISH, PRIVATE):
        return page_url(f"/?post_type={kind.name}&p={record.number}")
    return page_url(path_of(kind, record, quote(record.slug)))


def path_of(kind: CustomType, record: KeptRecord, slug: str) -> str:
    """Return the path of an item with a slug, below the slugs of the items above it."""
    above = [quote(each) for each in slugs_above(kind, record)]
    return f"/{'/'.join([kind.name, *above, slug])}/"
