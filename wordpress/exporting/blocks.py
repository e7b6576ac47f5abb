"""Reusable blocks, which WordPress keeps as posts of a type of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from pages.models import ReusableBlock
from wordpress.exporting.moments import gmt, local, published
from wordpress.exporting.plan import Plan
from wordpress.exporting.terms import pairs
from wordpress.exporting.texts import Texts
from wordpress.importing.blocks import TYPE
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.records import Filing, Item


@dataclass(frozen=True)
class Blocks:
    """Makes items of reusable blocks."""

    plan: Plan
    texts: Texts
    zone: ZoneInfo

    def items(self, keys: Iterable[int]) -> Mapping[int, Item]:
        """Return items by key."""
        wanted = list(keys)
        brought = ImportedRecord.objects.filter(kind=Kind.BLOCK, target_id__in=wanted)
        rests = dict(brought.values_list("target_id", "rest"))
        rows = ReusableBlock.objects.filter(pk__in=wanted)
        return {row.pk: self._item(row, rests.get(row.pk, {})) for row in rows}

    def _item(self, row: ReusableBlock, rest: Mapping[str, Any]) -> Item:
        number = self.plan.blocks.get(row.pk, row.pk)
        address = f"{settings.SITE_URL}/?p={number}"
        own = Item(
            title=row.title,
            link=address,
            published=published(row.created_at),
            guid=address,
            content=self.texts.given_out(row.raw_content),
            id=number,
            date=local(row.created_at, self.zone),
            date_gmt=gmt(row.created_at),
            modified=local(row.changed_at, self.zone),
            modified_gmt=gmt(row.changed_at),
            comment_status="closed",
            ping_status="closed",
            slug=row.slug,
            status=row.status,
            type=TYPE,
        )
        given = {
            **rest,
            "filings": [Filing(**one) for one in rest.get("filings", ())],
            "meta": pairs(rest.get("meta", [])),
        }
        return replace(own, **given)
