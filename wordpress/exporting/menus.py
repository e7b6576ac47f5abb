"""Entries of menus, each above before what is below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from pages.links import page_path
from pages.models import MenuItem, PolicyPage, PostPage, StandardPage
from pages.models.menus import NAV_MENU
from wordpress.exporting.plan import Plan
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.php_values import serialised
from wordpress.wxr.records import Filing, Item, Meta

TYPE = "nav_menu_item"
OBJECTS = ((PostPage, "post"), (StandardPage, "page"), (PolicyPage, "page"))
COLUMNS = (
    "pk", "parent_id", "label", "page_id", "term_id", "term__taxonomy", "url", "position", "hint",
    "description", "opens_new_window", "css_classes", "relation", "menu__slug", "menu__name",
    "page__url_path", "page__locale_id",
)  # fmt: skip


@dataclass(frozen=True)
class Menus:
    """Makes items of menu entries; there are few, and they are read at once."""

    plan: Plan

    def items(self) -> Iterator[Item]:
        """Yield the entries of every menu, numbered above all other items."""
        rows = parents_first(list(MenuItem.objects.order_by("menu_id", "position", "pk")
                                  .values(*COLUMNS)))  # fmt: skip
        objects = {key: name for model, name in OBJECTS for key in model.objects.filter(
            pk__in=[row["page_id"] for row in rows if row["page_id"]]
        ).values_list("pk", flat=True)}  # fmt: skip
        numbers = {row["pk"]: self.plan.another() for row in rows}
        dates = dates_of(numbers)
        for row in rows:
            yield self._item(row, numbers, objects.get(row["page_id"], ""),
                             dates.get(row["pk"], {}))  # fmt: skip

    def _item(
        self, row: dict[str, Any], numbers: dict[int, int], kind: str, dates: dict[str, str]
    ) -> Item:
        number = numbers[row["pk"]]
        address = f"{settings.SITE_URL}/?p={number}"
        return Item(
            title=row["label"],
            link=address,
            guid=address,
            content=row["description"],
            excerpt=row["hint"],
            id=number,
            comment_status="closed",
            ping_status="closed",
            slug=str(number),
            status="publish",
            menu_order=row["position"],
            type=TYPE,
            filings=[Filing(NAV_MENU, row["menu__slug"], row["menu__name"])],
            meta=meta_of(row, numbers, kind),
            **dates,
        )


def meta_of(row: dict[str, Any], numbers: dict[int, int], kind: str) -> Meta:
    """Return what WordPress keeps of an entry beside its words."""
    url = row["url"]
    if kind:
        leads = ("post_type", row["page_id"], kind)
    elif row["term_id"]:
        leads = ("taxonomy", row["term_id"], row["term__taxonomy"])
    else:
        # The start page and the journal are no items of the file.
        leads = ("custom", numbers[row["pk"]], "custom")
        if row["page_id"]:
            url = page_path(row["page__url_path"], row["page__locale_id"])
    values = {
        "type": leads[0],
        "menu_item_parent": numbers.get(row["parent_id"], 0),
        "object_id": leads[1],
        "object": leads[2],
        "target": "_blank" if row["opens_new_window"] else "",
        "classes": serialised(row["css_classes"].split() or [""]),
        "xfn": row["relation"],
        "url": url,
    }
    return [(f"_menu_item_{name}", str(value)) for name, value in values.items()]


def dates_of(keys: dict[int, int]) -> dict[int, dict[str, str]]:
    """Return the dates that entries were brought in with; the site has none of its own."""
    rows = ImportedRecord.objects.filter(kind=Kind.MENU, target_id__in=list(keys))
    names = ("published", "date", "date_gmt", "modified", "modified_gmt")
    return {
        target: {name: rest["fields"][name] for name in names if name in rest["fields"]}
        for target, rest in rows.values_list("target_id", "rest") if "fields" in rest
    }  # fmt: skip


def parents_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries level by level; those whose parents go round in a circle come last."""
    keys = {row["pk"] for row in rows}
    below: dict[int, list[dict[str, Any]]] = {}
    ready = []
    for row in rows:
        above = row["parent_id"]
        if above in keys and above != row["pk"]:
            below.setdefault(above, []).append(row)
        else:
            ready.append(row)
    for row in ready:
        ready.extend(below.pop(row["pk"], ()))
    return ready + [row for some in below.values() for row in some]
