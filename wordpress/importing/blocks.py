"""Reusable blocks, which WordPress keeps as posts of a type of their own."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from comments.write_lock import write_transaction
from pages.models import ReusableBlock
from pages.services.importing import add_blocks, change_block, free_numbers, show_blocks
from pages.slugs import given_slug
from wordpress.importing.keeping import forget_kept
from wordpress.importing.naming import EDITED_OR_DELETED, LISTED_TWICE, name_of
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.importing.texts import Addresses
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.moments import moment_of
from wordpress.wxr.records import Item

TYPE = "wp_block"
STATUSES = frozenset(ReusableBlock.Status.values)
# What a block here has no place for, and an export gives back.
KEPT_FIELDS = ("guid", "guid_is_link", "description", "excerpt", "comment_status", "ping_status",
               "parent", "menu_order", "password", "filings", "meta")  # fmt: skip


def is_reusable_block(item: Item) -> bool:
    """Tell whether an item is a block in a status that blocks have here."""
    return item.kind == TYPE and item.id > 0 and item.status.strip() in STATUSES


class Blocks:
    """Brings reusable blocks in, before the texts that refer to them by their numbers."""

    def __init__(
        self, known: Known, report: Report, addresses: Addresses, *, zone: ZoneInfo
    ) -> None:
        self._known, self._report = known, report
        self._addresses, self._zone = addresses, zone
        self._changed: list[int] = []

    def bring_in(self, items: Sequence[Item]) -> None:
        """Bring blocks in, in one transaction."""
        if not items:
            return
        with write_transaction():
            by_number = self._once(items)
            known = self._known.find(Kind.BLOCK, by_number)
            rows = {int(key): row.target_id for key, row in known.items()}
            new = [number for number in by_number if number not in rows]
            free = free_numbers(ReusableBlock, new)
            # Blocks show blocks: all have their numbers before the first text is written.
            taken = [number for number in new if number not in free]
            rows |= {number: number for number in free}
            rows |= zip(taken, add_blocks(free, len(taken)), strict=True)
            self._addresses.renumber_blocks({number: rows[number] for number in by_number})
            for number, item in by_number.items():
                self._report.count("other", self._bring_in(item, rows[number],
                                                           known.get(str(number))))  # fmt: skip
            self._known.flush()
            show_blocks(self._changed)

    def _once(self, items: Sequence[Item]) -> dict[int, Item]:
        by_number: dict[int, Item] = {}
        for item in items:
            if by_number.setdefault(item.id, item) is not item:
                self._report.count("other", Fate.SKIPPED)
                self._report.tell(name_of(item), "listed_twice", LISTED_TWICE)
        return by_number

    def _bring_in(self, item: Item, row_id: int, known: ImportedRecord | None) -> Fate:
        at = moment_of(item.date_gmt, item.date, self._zone, item.published)
        words: dict[str, Any] = {
            "title": item.title.strip(),
            "slug": given_slug(item.slug.strip()),
            "text": self._addresses.rewritten(item.content),
            "status": item.status.strip(),
            "created_at": at,
            "changed_at": moment_of(item.modified_gmt, item.modified, self._zone),
        }
        whole = asdict(item)
        rest = {name: whole[name] for name in KEPT_FIELDS if whole[name]}
        digest = digest_of(words, rest)
        fate, code = judge(known, digest, state_of)
        if code:
            self._report.tell(name_of(item), code, EDITED_OR_DELETED[code])
        if fate in {Fate.CREATED, Fate.UPDATED}:
            change_block(row_id, **words)
            self._changed.append(row_id)
            self._known.remember(Kind.BLOCK, item.id, row_id, digest, state_of(row_id) or "", rest)
            forget_kept(self._known, f"{TYPE}:{item.id}")
        return fate


def state_of(key: int) -> str | None:
    columns = ("title", "slug", "raw_content", "status")
    found = ReusableBlock.objects.filter(pk=key).values_list(*columns).first()
    return found and digest_of(*found)
