"""Which items the file holds, and which number each has in it.

WordPress has one row of numbers for everything that it calls a post, and its importer takes two
items of one number for the same. Here pages, files and menu entries have rows of numbers of their
own: a page keeps its number, a file keeps it where no page has it, and what is left is numbered
above them all, menu entries last. Items stand in the order of their numbers.
"""

from collections.abc import Iterable
from enum import StrEnum

from media.models import SiteDocument, SiteImage
from pages.models import PolicyPage, PostPage, ReusableBlock, StandardPage
from wordpress.models import ImportedRecord, KeptRecord, Kind

ATTACHMENT = "attachment"
# Numbers beyond it are kept by nobody's importer, this site's included.
HIGHEST_KEPT = 1_000_000_000


class Stock(StrEnum):
    """Where an item is read from."""

    POST = "post"
    PAGE = "page"
    POLICY = "policy"
    IMAGE = "image"
    DOCUMENT = "document"
    BLOCK = "block"
    KEPT = "kept"


class Plan:
    """The items of one export by number; made in a handful of queries, some bytes for each item."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[Stock, int]] = {}
        waiting: list[tuple[Stock, int, int]] = []
        for stock, model in ((Stock.POST, PostPage), (Stock.PAGE, StandardPage),
                             (Stock.POLICY, PolicyPage)):  # fmt: skip
            keys = model.objects.values_list("pk", flat=True)
            waiting += self._claim(stock, ((key, key) for key in keys))
        images = SiteImage.objects.order_by("pk").values_list("pk", "pk")
        documents = SiteDocument.objects.order_by("number").values_list("pk", "number")
        waiting += self._claim(Stock.IMAGE, images) + self._claim(Stock.DOCUMENT, documents)
        # A file whose comments were kept beside it is one item with them.
        self.beside_files = kept_beside_files()
        kept = KeptRecord.objects.filter(is_term=False).order_by("pk")
        waiting += self._claim(
            Stock.KEPT, (row for row in kept.values_list("pk", "wordpress_id")
                         if row[0] not in self.beside_files.values()),
        )  # fmt: skip
        blocks = ReusableBlock.objects.order_by("pk").values_list("pk", "pk")
        waiting += self._claim(Stock.BLOCK, blocks)
        self._last = max((each for each in self._numbers if each <= HIGHEST_KEPT), default=0)
        # Numbers of files and blocks that have another in the file, since texts name them.
        self.files: dict[int, int] = {}
        self.blocks: dict[int, int] = {}
        for stock, key, before in waiting:
            number = self.another()
            self._numbers[number] = stock, key
            if stock in {Stock.IMAGE, Stock.DOCUMENT}:
                self.files[before] = number
            elif stock is Stock.BLOCK:
                self.blocks[before] = number

        kept_at = {key: number for number, (stock, key) in self._numbers.items()
                   if stock is Stock.KEPT}  # fmt: skip
        # Items by type and the number that they are known by here.
        rows = kept.values_list("pk", "type", "number")
        self.kept_numbers = {(kind, number): kept_at[pk] for pk, kind, number in rows
                             if pk in kept_at}  # fmt: skip
        # Attachments without a file here, by their source and their number there.
        attachments = kept.filter(type=ATTACHMENT).values_list("pk", "source_id", "wordpress_id")
        self.kept_files = {(source, number): kept_at[pk] for pk, source, number in attachments
                           if pk in kept_at}  # fmt: skip

    @property
    def items(self) -> list[tuple[int, Stock, int]]:
        """Number, stock and key there of every item but menu entries, in order."""
        return [(number, *place) for number, place in sorted(self._numbers.items())]

    def another(self) -> int:
        """Return a number that no item has."""
        self._last += 1
        return self._last

    def of_file(self, number: int) -> int:
        """Return the number that a picture or document of the library has in the file."""
        return self.files.get(number, number)

    def _claim(
        self, stock: Stock, wanted: Iterable[tuple[int, int]]
    ) -> list[tuple[Stock, int, int]]:
        """Take the numbers that are free, and return what needs another one."""
        waiting = []
        for key, number in wanted:
            if 0 < number <= HIGHEST_KEPT and number not in self._numbers:
                self._numbers[number] = stock, key
            else:
                waiting.append((stock, key, number))
        return waiting


def kept_beside_files() -> dict[tuple[Stock, int], int]:
    """Return the kept records of attachments whose files are here as well, by where these are."""
    kinds = {Kind.IMAGE: Stock.IMAGE, Kind.DOCUMENT: Stock.DOCUMENT}
    files = ImportedRecord.objects.filter(kind__in=kinds)
    here = {(source, key): (kinds[Kind(kind)], target) for source, key, kind, target
            in files.values_list("source_id", "key", "kind", "target_id")}  # fmt: skip
    kept = KeptRecord.objects.filter(is_term=False, type=ATTACHMENT)
    stored = {
        Stock.IMAGE: set(SiteImage.objects.values_list("pk", flat=True)),
        Stock.DOCUMENT: set(SiteDocument.objects.values_list("pk", flat=True)),
    }
    found = {}
    for pk, source, number in kept.values_list("pk", "source_id", "wordpress_id"):
        place = here.get((source, str(number)))
        if place is not None and place[1] in stored[place[0]]:
            found[place] = pk
    return found
