"""Pictures and documents of the library as WordPress's attachments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from media.models import SiteDocument, SiteImage
from wordpress.exporting.kept import kept_items
from wordpress.exporting.moments import gmt, local, published
from wordpress.exporting.people import People
from wordpress.exporting.plan import ATTACHMENT, Plan, Stock
from wordpress.wxr.records import Item

ALT, FILE = "_wp_attachment_image_alt", "_wp_attached_file"
MODELS = {Stock.IMAGE: SiteImage, Stock.DOCUMENT: SiteDocument}


@dataclass(frozen=True)
class Files:
    """Makes items of files. Their words are those of the library, their places those of today."""

    plan: Plan
    people: People
    zone: ZoneInfo

    def items(self, stock: Stock, keys: Iterable[int]) -> Mapping[int, Item]:
        """Return the items of files of one kind by key, with the comments kept beside them."""
        rows = MODELS[stock].objects.filter(pk__in=list(keys))
        found = {row.pk: self._item(row) for row in rows}
        beside = {self.plan.beside_files[stock, key]: key for key in found
                  if (stock, key) in self.plan.beside_files}  # fmt: skip
        for pk, kept in kept_items(beside, self.plan, self.people).items():
            found[beside[pk]].comments = kept.comments
        return found

    def _item(self, row: Any) -> Item:
        number = self.plan.of_file(row.number if isinstance(row, SiteDocument) else row.pk)
        url = absolute(row.file.url)
        meta = [(ALT, row.description.strip()), (FILE, row.file.name)]
        return Item(
            title=row.title.strip(),
            link=f"{settings.SITE_URL}/?attachment_id={number}",
            published=published(row.created_at),
            creator=self.people.login_of(row.uploaded_by_user_id),
            guid=url,
            content=row.details.strip(),
            excerpt=row.caption.strip(),
            id=number,
            date=local(row.created_at, self.zone),
            date_gmt=gmt(row.created_at),
            modified=local(row.created_at, self.zone),
            modified_gmt=gmt(row.created_at),
            comment_status="closed",
            ping_status="closed",
            slug=row.slug,
            status="inherit",
            parent=row.attached_to_id or 0,
            type=ATTACHMENT,
            attachment_url=url,
            meta=[(key, value) for key, value in meta if value],
        )


def absolute(address: str) -> str:
    """Return an address on this site with the site in front of it."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address
