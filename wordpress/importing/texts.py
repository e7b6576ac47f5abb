"""Leading the addresses in a text from the former site to this one. Pure.

An address of an item or of a file becomes its address here; any other below the former site's
beginning leads to the same path here, where old addresses are redirected.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from wordpress.importing.parting import parts_of

# An address ends at white space, at a quotation mark, a bracket or a backslash, or with the text.
REST_OF_ADDRESS = r"(?::\d+)?(?:[/?#][^\s\"'<>\\\])]*)?"
SIZE_IN_NAME = re.compile(r"-(\d{1,5})x(\d{1,5})(?=\.\w+$)")
SCALED_IN_NAME = re.compile(r"-(?:scaled|rotated)(?=\.\w+$)")
ITEM_NUMBER = ("p", "page_id", "attachment_id")
NUMBERED = re.compile(
    r"(?P<before>(?:<!--\s+wp:(?:image|cover|file|audio|video)\s+\{(?:[^{}]|\{[^{}]*\})*?\"id\":"
    r"|\bwp-image-|\bwp-att-|id=\"attachment_|\"mediaId\":|\bdata-id=\"))(?P<number>\d+)"
)
BLOCK_NUMBER = re.compile(
    r"(?P<before><!--\s+wp:block\s+\{(?:[^{}]|\{[^{}]*\})*?\"ref\":)(?P<number>\d+)"
)
NUMBER_LISTS = re.compile(r"(?P<before>\[gallery[^\]]*?\bids=[\"']|\"ids\":\[)(?P<list>[\d, ]+)")


@dataclass(frozen=True)
class StoredFile:
    """A file here: its address, and those of its smaller sizes by width."""

    number: int
    url: str
    sizes: Mapping[int, str] = field(default_factory=dict)

    def at_least(self, width: int) -> str:
        """Return the address of the smallest size that is as wide."""
        wide = [each for each in self.sizes if each >= width]
        return self.sizes[min(wide)] if wide else self.url


class Addresses:
    """Knows what became of a former site's addresses."""

    def __init__(
        self, site_url: str, *, home: str, items: Callable[[str], str | None],
        numbers: Callable[[int], str | None],
    ) -> None:  # fmt: skip
        """`home` is where this site begins; `items` answers paths, `numbers` item numbers."""
        parts = parts_of(site_url)
        # A site that comes back to its own address: what leads here already stays as it is written.
        self._is_here = site_url == home.rstrip("/")
        self._host, self._below = parts.netloc.lower(), unquote(parts.path).rstrip("/")
        self._home, self._items, self._numbers = home, items, numbers
        self._files: dict[str, StoredFile] = {}
        self._renumbered: dict[int, int] = {}
        self._renumbered_blocks: dict[int, int] = {}
        self._pattern: re.Pattern[str] | None = None

    def add_file(self, address: str, number: int, file: StoredFile) -> None:
        """Say what became of a file, by its address without scheme."""
        self._files[address] = file
        self._pattern = None
        if number != file.number:
            self._renumbered[number] = file.number

    def renumber_blocks(self, numbers: Mapping[int, int]) -> None:
        """Say which numbers reusable blocks have here, by their numbers there."""
        others = {there: here for there, here in numbers.items() if there != here}
        self._renumbered_blocks.update(others)

    def rewritten(self, text: str) -> str:
        """Return a text whose addresses lead to this site."""
        if not text:
            return text
        pattern = self._pattern or self._make_pattern()
        text = pattern.sub(self._lead, text)
        if self._renumbered_blocks:
            text = with_blocks_renumbered(text, self._renumbered_blocks)
        return renumbered(text, self._renumbered) if self._renumbered else text

    def path_or_address(self, url: str) -> str:
        """Return an address as a link has it: a path where it leads to this site."""
        return self.rewritten(f'"{url.strip()}"')[1:-1]

    def file_at(self, address: str) -> StoredFile | None:
        """Return the file at an address without scheme, whichever size of it is named."""
        if found := self._files.get(address):
            return found
        plain = SIZE_IN_NAME.sub("", address)
        for name in (plain, SCALED_IN_NAME.sub("", plain)):
            if found := self._files.get(name):
                return found
        if "." in address.rpartition("/")[2]:
            stem, _, ending = plain.rpartition(".")
            return self._files.get(f"{stem}-scaled.{ending}")
        return None

    def _make_pattern(self) -> re.Pattern[str]:
        hosts = {address.partition("/")[0] for address in self._files} | {self._host}
        bare = {host.removeprefix("www.") for host in hosts if host}
        names = "|".join(sorted(map(re.escape, bare), key=len, reverse=True)) or r"(?!)"
        self._pattern = re.compile(
            rf"(?:\bhttps?:)?//(?:www\.)?(?:{names})(?![\w.-]*\w){REST_OF_ADDRESS}", re.IGNORECASE
        )
        return self._pattern

    def _lead(self, found: re.Match[str]) -> str:
        address = found[0]
        # What stands in quotation marks is for programs, which know where they are: it stays right
        # when this site moves. A reader of plain words needs it whole.
        is_quoted = found.string[found.start() - 1 : found.start()] in {'"', "'"}
        home = "" if is_quoted else self._home
        # A full stop or comma at the end belongs to the sentence.
        bare = address.rstrip(".,;:!?")
        tail = address[len(bare) :]
        try:
            parts = urlsplit(unescape(bare))
        except ValueError:
            return address
        file = self._file_of(parts.netloc.lower(), unquote(parts.path))
        if file is not None:
            size = SIZE_IN_NAME.search(parts.path)
            return (file.at_least(int(size[1])) if size else file.url) + tail
        if self._is_here or not self._is_below(parts.netloc.lower(), unquote(parts.path)):
            return address
        return home + self._page(parts.path, parts.query, parts.fragment, bare) + tail

    def _file_of(self, host: str, path: str) -> StoredFile | None:
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        return self.file_at(f"{host}{path}") or self.file_at(f"{other}{path}")

    def _is_below(self, host: str, path: str) -> bool:
        same = host.removeprefix("www.") == self._host.removeprefix("www.")
        return same and (not self._below or path == self._below
                         or path.startswith(f"{self._below}/"))  # fmt: skip

    def _page(self, path: str, query: str, fragment: str, address: str) -> str:
        mark = f"#{fragment}" if fragment else ""
        known = None
        if query:
            asked = parse_qs(query)
            wanted = next((asked[name][0] for name in ITEM_NUMBER if name in asked), "")
            known = self._numbers(int(wanted)) if wanted.isdigit() and len(wanted) < 19 else None
        elif inner := unquote(path).strip("/"):
            known = self._items(f"/{inner}/")
        if known is not None:
            return f"{known}{mark}"
        # The rest is taken as it was written, entities and all.
        start = re.match(r"(?:https?:)?//[^/?#]*", address, re.IGNORECASE)
        rest = address[start.end() :] if start else ""
        rest = rest.removeprefix(self._below) if self._below else rest
        return rest if rest.startswith("/") else f"/{rest}"


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return a text in which files have their new numbers, by the numbers that they had."""

    def of(number: str) -> str:
        return str(numbers.get(int(number[:18]), number))

    text = NUMBERED.sub(lambda found: f"{found['before']}{of(found['number'])}", text)
    return NUMBER_LISTS.sub(
        lambda found: found["before"] + re.sub(r"\d+", lambda one: of(one[0]), found["list"]), text
    )


def with_blocks_renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return a text in which reusable blocks have their new numbers, by those that they had."""

    def of(found: re.Match[str]) -> str:
        number = int(found["number"][:18])
        return f"{found['before']}{numbers.get(number, number)}"

    return BLOCK_NUMBER.sub(of, text)
