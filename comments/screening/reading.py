"""What screening sees in a comment: its plain words, its links and its shape. Pure.

Every pattern here runs in time that grows with the text alone: no repeat inside a repeat, and
every repeat bounded. What costs more than a pass looks at a window of the text.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

# A long text is read at its head and its tail: a comment is short, and the rest of a long one
# repeats or fills.
HEAD, TAIL = 3_000, 1_000
MOST_LINKS = 100
LONGEST_WORD = 40

# What is no part of a word: white space, ASCII punctuation, general and CJK punctuation, arrows
# and symbols, private use, emoji. Marks stay, so that words of Hindi or Thai hold together.
WORD = re.compile(
    r"[^\s!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u2bff\u3000-\u303f\ufe10-\ufe6f\uff01-\uff0f\uff1a-\uff20"
    r"\uff3b-\uff40\uff5b-\uff65\ue000-\uf8ff\U0001f000-\U0001ffff]{1,400}"
)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
LINK = re.compile(r"(?:https?://|www\.)([^\s/<>\"'?#\[\]()]{1,255})([^\s<>\"'\[\]]{0,2000})", re.I)
BARE_ADDRESS = re.compile(
    r"(?<![@\w./-])[a-z0-9][a-z0-9-]{1,60}\.(?:com|net|org|info|biz|xyz|top|shop|club|online|site|"
    r"store|live|icu|vip|win|bet|ru|su|ua|by|cn|tk|ml|cc|io|co|us|uk|de|fr|it|es|pl|nl|br|jp|kr|vn)\b"
)
BROKEN_ADDRESS = re.compile(
    r"[a-z0-9-]{2,60}(?:\s{1,2}\.\s{0,2}|\s?[\[(](?:\.|dot)[\])]\s?|\sdot\s)"
    r"(?:com|net|org|info|ru|xyz)\b"
)
ANCHOR = re.compile(r"<a\s[^>]{0,300}href", re.I)
FORUM_MARKUP = re.compile(r"\[/?(?:url|link|img|b|size|color)[\]=]", re.I)
MAILBOX = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,60}\.[a-z]{2,10}", re.I)
HANDLE = re.compile(
    r"(?<![\w@.])@[a-z][a-z0-9_]{4,32}|\bt\.me/|\bwa\.me/|whats\s?app|telegram|телеграм|"
    r"微信|薇信|威信|加群|扣扣|企鹅号|\bvx\b|\bqq\b",
    re.I,
)
NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){7,14}")
MONEY = re.compile(
    r"[$€£₽₹¥￥₿]\s?\d|\d\s?(?:[$€£₽₹¥￥₿]|usd|eur|usdt|btc|dollars?|euros?|руб|тыс)\b|"
    r"\d[\d.,]{0,12}\s?[kк]?\s?[$€£₽₹]", re.I
)  # fmt: skip
DISGUISED = re.compile(
    r"[\u2460-\u24ff\u1d00-\u1d7f\U0001d400-\U0001d7ff\U0001f110-\U0001f189]|[0-9]\ufe0f?\u20e3"
)
WIDE_LATIN = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
LATIN = re.compile(r"[a-z]")
NEIGHBOUR = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][^\w\n]{1,3}){3,30}[^\W_](?![^\W_])")
HIDDEN = re.compile(r"(?<=\w)[\u200b\u2060\ufeff\u00ad\u180e\U000e0000-\U000e007f]+(?=\w)")
OVERRIDE = re.compile(r"[\u202a\u202b\u202d\u202e\u2066-\u2068]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
MARK_PILE = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3,}")
PICTURE = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
INVISIBLE = re.compile(
    r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3"
    r"\U000e0000-\U000e01ef]"
)

# Letters of other scripts that look Latin, for words that mix the two.
LOOKALIKES = dict(
    zip(
        map(ord, "аеорсухкмтнвгіјѕԁԛԝҽοανρτυκιεγχβηωпяєіӏɑɡ"),
        "aeopcyxkmthbrijsdqwooavptukieyxbnwnreilag",
        strict=False,
    )
)
# Squared and circled letters that Unicode does not fold by itself.
ENCLOSED = {
    start + number: chr(ord("a") + number)
    for start in (0x1F130, 0x1F150, 0x1F170)
    for number in range(26)
}

SHORTENERS = frozenset(
    "adf.ly bit.do bit.ly bl.ink buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id "
    "shorte.st shorturl.at surl.li t.co t.ly tiny.cc tinyurl.com u.to urlz.fr v.gd vk.cc x.gd "
    "clck.ru dwz.cn suo.im t.cn url.cn".split()
)


@dataclass(frozen=True)
class Link:
    """A link: the host in small letters and whether it leads below the front page."""

    host: str
    has_path: bool


@dataclass(frozen=True)
class Reading:
    """A text as screening sees it.

    `plain` is unescaped, composed and without invisible signs, in small letters; `words` are its
    words, each sign of a script without spaces by itself; `links` and `whole_length` are of the
    whole text, everything else of its head and tail. `signs` counts what is conspicuous.
    """

    raw: str
    plain: str
    words: tuple[str, ...]
    joined: tuple[str, ...]
    links: tuple[Link, ...]
    signs: Mapping[str, int]
    whole_length: int

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(link.host for link in self.links))


def window(text: str) -> str:
    """Return the head and the tail of a long text, the whole of a short one."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def plain_text(text: str) -> str:
    """Return a text unescaped, composed, without invisible signs and in small letters."""
    if text.isascii():
        return html.unescape(text).lower() if "&" in text else text.lower()
    text = MARK_PILE.sub("", html.unescape(text)).translate(ENCLOSED)
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def links_of(text: str) -> Iterator[Link]:
    for number, found in enumerate(LINK.finditer(text)):
        if number == MOST_LINKS:
            return
        host = found[1].rpartition("@")[2].partition(":")[0].rstrip(".").lower()
        yield Link(host.removeprefix("www."), len(found[2].strip("/.,;:!?)")) > 0)


@lru_cache(maxsize=8)
def read(text: str) -> Reading:
    """Return what there is to see in a text, however long or hostile it is."""
    raw = window(text)
    plain = plain_text(raw)
    links = tuple(links_of(html.unescape(text) if "&" in text else text))
    words: list[str] = []
    mixed = 0
    for word in WORD.findall(plain):
        if not word.isascii():
            if LATIN.search(word) and NEIGHBOUR.search(word):
                word, mixed = word.translate(LOOKALIKES), mixed + 1
            elif UNSPACED.search(word):
                words.extend(word[:LONGEST_WORD] if len(word) > 200 else word)
                continue
        words.append(word[:LONGEST_WORD])
    spaced = tuple(re.sub(r"\W", "", found) for found in SPACED.findall(plain))
    return Reading(
        raw=raw,
        plain=plain,
        words=tuple(words),
        joined=spaced,
        links=links,
        signs=signs_of(raw, plain, words, mixed, len(spaced)),
        whole_length=len(text),
    )


def signs_of(raw: str, plain: str, words: list[str], mixed: int, spaced: int) -> dict[str, int]:
    letters = sum(map(str.isalpha, raw))
    signs = {
        "letters": letters,
        "capitals": sum(map(str.isupper, raw)),
        "digits": sum(map(str.isdigit, plain)),
        "exclamations": raw.count("!") + raw.count("！"),
        "questions": raw.count("?") + raw.count("？"),
        "lines": raw.count("\n"),
        "anchors": len(ANCHOR.findall(raw)),
        "forum_markup": len(FORUM_MARKUP.findall(raw)),
        "mailboxes": len(MAILBOX.findall(raw)),
        "handles": len(HANDLE.findall(plain)),
        "numbers": len(NUMBER.findall(plain)),
        "money": len(MONEY.findall(plain)),
        "mixed": mixed,
        "spaced": spaced,
        "repeats": repeats_of(words),
        "addresses": len(BARE_ADDRESS.findall(plain)),
        "broken_addresses": len(BROKEN_ADDRESS.findall(plain)),
        "codes": sum(map(is_code, words)),
    }
    if not raw.isascii():
        signs |= {
            "disguised": len(DISGUISED.findall(raw)),
            "wide": len(WIDE_LATIN.findall(raw)),
            "hidden": len(HIDDEN.findall(raw)),
            "overrides": len(OVERRIDE.findall(raw)),
            "mark_piles": len(MARK_PILE.findall(raw)),
            "pictures": len(PICTURE.findall(raw)),
        }
    return signs


def is_code(word: str) -> bool:
    """Tell whether letters and digits stand in one word, as in made-up brands and identifiers."""
    return not word.isalpha() and not word.isdigit() and any(map(str.isdigit, word))


def repeats_of(words: list[str]) -> int:
    """Return what share of the words, in hundredths, says again what three words said before."""
    if len(words) < 12:
        return 0
    triples = list(zip(words, words[1:], words[2:], strict=False))
    return 100 - 100 * len(set(triples)) // len(triples)
