"""One export from beginning to end, as pieces of text."""

from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.utils import timezone

from core.extensions.site import site_provider
from pages.links import site_zone
from pages.models import HomePage
from wordpress.exporting.attachments import Files
from wordpress.exporting.batches import batches
from wordpress.exporting.blocks import Blocks
from wordpress.exporting.discussion import comments_on
from wordpress.exporting.entries import Entries
from wordpress.exporting.kept import kept_items
from wordpress.exporting.menus import Menus
from wordpress.exporting.moments import published
from wordpress.exporting.people import People
from wordpress.exporting.plan import Plan, Stock
from wordpress.exporting.terms import terms
from wordpress.exporting.texts import Texts
from wordpress.wxr import writing
from wordpress.wxr.records import Comment, Item, Site

AT_A_TIME = 100
COMMENTED = {Stock.POST, Stock.PAGE}
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""


class Export:
    """The site as a WXR file.

    `counts` tells afterwards how much of each kind is in it. What is written while it is read may
    be in it or not; each batch is whole.
    """

    def __init__(self, progress: Progress = no_progress) -> None:
        self.counts = dict.fromkeys(("authors", "terms", "items", "comments"), 0)
        self._progress = progress
        self._zone = site_zone()
        self._people = People()
        self._plan = Plan()
        texts = Texts(site_url=settings.SITE_URL, files_at=settings.MEDIA_URL,
                      files=self._plan.files, blocks=self._plan.blocks)  # fmt: skip
        self._entries = Entries(self._plan, self._people, texts, self._zone)
        self._files = Files(self._plan, self._people, self._zone)
        self._blocks = Blocks(self._plan, texts, self._zone)
        self._menus = Menus(self._plan)

    def pieces(self) -> Iterator[str]:
        """Yield the file's text in its order. Constant memory but for a line on each item."""
        yield writing.head(site_now())
        for author in self._people.authors():
            self.counts["authors"] += 1
            yield writing.author(author)
        for term in terms():
            self.counts["terms"] += 1
            yield writing.term(term)
        for item, comments in self._items():
            self.counts["items"] += 1
            yield writing.item_start(item)
            for comment in comments:
                self.counts["comments"] += 1
                yield writing.comment(comment)
            yield writing.ITEM_END
        yield writing.TAIL

    def _items(self) -> Iterator[tuple[Item, Iterator[Comment]]]:
        planned = self._plan.items
        for done, batch in enumerate(batches(planned, AT_A_TIME)):
            self._progress("items", done * AT_A_TIME, len(planned))
            by_stock: dict[Stock, list[int]] = {}
            for _number, stock, key in batch:
                by_stock.setdefault(stock, []).append(key)
            found = {stock: self._read(stock, keys) for stock, keys in by_stock.items()}
            targets = [key for stock in COMMENTED for key in by_stock.get(stock, ())]
            threads = comments_on(targets, self._zone)
            target, comments = next(threads, (0, iter(())))
            for number, stock, key in batch:
                item = found[stock].get(key)
                if item is None:
                    # It was deleted a moment ago.
                    continue
                item.id = number
                while 0 < target < number:
                    target, comments = next(threads, (0, iter(())))
                is_discussed = target == number and stock in COMMENTED
                yield item, comments if is_discussed else iter(item.comments)
        for item in self._menus.items():
            yield item, iter(())
        self._progress("items", len(planned), len(planned))

    def _read(self, stock: Stock, keys: list[int]) -> Mapping[int, Item]:
        match stock:
            case Stock.IMAGE | Stock.DOCUMENT:
                return self._files.items(stock, keys)
            case Stock.BLOCK:
                return self._blocks.items(keys)
            case Stock.KEPT:
                return kept_items(keys, self._plan, self._people)
            case _:
                return self._entries.items(stock, keys)


def site_now() -> Site:
    """Return what the file says of the site, and when it was made."""
    home = HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
    return Site(
        title=site_provider.get().identity().name,
        link=settings.SITE_URL,
        description=home.tagline if home else "",
        language=settings.LANGUAGE_CODE,
        published=published(timezone.now()),
        base_site_url=settings.SITE_URL,
        base_blog_url=settings.SITE_URL,
        timezone=site_provider.get().identity().timezone,
    )
