"""What screening sees in a comment: its plain words, its links and its shape. Pure.

Every pattern here runs in time that grows with the text alone: no repeat inside a repeat, and
every repeat bounded. What costs more than a pass looks at a window of the text.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)
# These and Thai, Lao, Burmese and Khmer put no spaces between words.
SPACELESS = re.compile(UNSPACED.pattern[:-1] + r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
LINK = re.compile(r"(?:https?://|www\.)([^\s/<>\"'?#\[\]()]{1,255})([^\s<>\"'\[\]]{0,2000})", re.I)
BARE_ADDRESS = re.compile(
    r"(?<![@\w./-])[a-z0-9][a-z0-9-]{1,60}\.(?:com|net|org|info|biz|xyz|top|shop|club|online|site|"
    r"store|live|icu|vip|win|bet|ru|su|ua|by|cn|tk|ml|cc|io|co|us|uk|de|fr|it|es|pl|nl|br|jp|kr|vn)\b"
)
BREAKS = (" .", "[.", "(.", "dot)", "dot]", " dot ")
BROKEN_ADDRESS = re.compile(
    r"[a-z0-9-]{2,60}(?:\s{1,2}\.\s{0,2}|\s?[\[(](?:\.|dot)[\])]\s?|\sdot\s)"
    r"(?:com|net|org|info|ru|xyz)\b"
)
ANCHOR = re.compile(r"<a\s[^>]{0,300}href", re.I)
ANCHOR_TEXT = re.compile(r"(<a\s[^<>]{0,2000}>)[^<]*", re.I)
FORUM_MARKUP = re.compile(r"\[(?:url|link|img)=|\[/(?:url|link|img)\]", re.I)
MAILBOX = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,60}\.[a-z]{2,10}", re.I)
HANDLE = re.compile(r"(?<![\w@.])@[a-z][a-z0-9_]{4,32}")
MESSENGERS = (
    "t.me/", "wa.me/", "whatsapp", "whats app", "telegram", "телеграм", "wechat", "微信", "薇信",
    "威信", "加群", "扣扣", "企鹅号",
)  # fmt: skip
NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){7,14}")
MONEY = re.compile(
    r"[$€£₽₹¥￥₿]\s?\d|\d\s?(?:[$€£₽₹¥￥₿]|usd|eur|usdt|btc|dollars?|euros?|руб|тыс)\b|"
    r"\d[\d.,]{0,12}\s?[kк]?\s?[$€£₽₹]", re.I
)  # fmt: skip
DISGUISED = re.compile(
    r"[\u2460-\u24ff\u1d00-\u1d7f\U0001d400-\U0001d7ff\U0001f110-\U0001f189]|[0-9]\ufe0f?\u20e3"
)
WIDE_LATIN = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
# A word that goes from one alphabet to the other and back: a suffix on a foreign name does not.
MIXED = re.compile(r"[a-z][\u0370-\u052f]+[a-z]|[\u0370-\u052f][a-z]+[\u0370-\u052f]")
SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][^\w\n]{1,3}){3,30}[^\W_](?![^\W_])")
HIDDEN = re.compile(r"(?<=\w)[\u200b\u2060\ufeff\u00ad\u180e\U000e0000-\U000e007f]+(?=\w)")
OVERRIDE = re.compile(r"[\u202a\u202b\u202d\u202e\u2066-\u2068]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
MARK_PILE = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3,}")
PICTURE = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
BETWEEN = re.compile(r"\W+")
FEWEST_DIGITS = 8
BEYOND_ASCII = {
    "disguised": DISGUISED,
    "wide": WIDE_LATIN,
    "hidden": HIDDEN,
    "overrides": OVERRIDE,
    "mark_piles": MARK_PILE,
    "pictures": PICTURE,
}
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
DIGIT = re.compile(r"\d")
CAPITAL = re.compile(r"[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0400-\u042f]")
LETTER = re.compile(r"[^\W\d_]")
ENCLOSED_LETTER = re.compile(r"[\U0001f130-\U0001f189]")
ENCLOSED = {
    start + number: chr(ord("a") + number)
    for start in (0x1F130, 0x1F150, 0x1F170)
    for number in range(26)
}

SHORTENERS = frozenset({
    "adf.ly", "bit.do", "bit.ly", "bl.ink", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in",
    "ow.ly", "rb.gy", "rebrand.ly", "s.id", "shorte.st", "shorturl.at", "surl.li", "t.co",
    "t.ly", "tiny.cc", "tinyurl.com", "u.to", "urlz.fr", "v.gd", "vk.cc", "x.gd", "clck.ru",
    "dwz.cn", "suo.im", "t.cn", "url.cn",
})  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A link: the host in small letters and whether it leads below the front page."""

    host: str
    has_path: bool


@dataclass(frozen=True)
class Reading:
    """A text as screening sees it.

    `plain` is unescaped, composed and without invisible signs, in small letters. `parts` are what
    stands between its spaces and punctuation; `words` are those too, but each sign of a script
    without spaces is one by itself; `joined` are words that were spelt with gaps. `links` and
    `length` are of the whole text, everything else of its head and tail. `signs` counts what is
    conspicuous; what is not there is not in it.
    """

    plain: str
    parts: tuple[str, ...]
    words: tuple[str, ...]
    joined: tuple[str, ...]
    links: tuple[Link, ...]
    signs: Mapping[str, int]
    length: int


def window(text: str) -> str:
    """Return the head and the tail of a long text, the whole of a short one."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def plain_text(text: str) -> str:
    """Return a text unescaped, composed, without invisible signs and in small letters."""
    if text.isascii():
        return html.unescape(text).lower() if "&" in text else text.lower()
    text = MARK_PILE.sub("", html.unescape(text))
    if ENCLOSED_LETTER.search(text):
        text = text.translate(ENCLOSED)
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=8)
def read(text: str) -> Reading:
    """Return what there is to see in a text, however long or hostile it is."""
    raw = window(text)
    plain = plain_text(raw)
    parts = [part[:LONGEST_WORD] for part in WORD.findall(plain)]
    words, mixed = parts, 0
    if not plain.isascii():
        mixed = sum(map(bool, map(MIXED.search, parts)))
        if mixed:
            parts = [part.translate(LOOKALIKES) if MIXED.search(part) else part for part in parts]
        words = list(split_unspaced(parts))
    joined = tuple(BETWEEN.sub("", found) for found in SPACED.findall(plain))
    signs = signs_of(raw, plain, words) | {"mixed": mixed, "spaced": len(joined)}
    return Reading(
        plain=plain,
        parts=tuple(parts),
        words=tuple(words),
        joined=joined,
        links=tuple(links_of(text)),
        signs={name: count for name, count in signs.items() if count},
        length=len(text),
    )


def split_unspaced(parts: list[str]) -> Iterator[str]:
    for part in parts:
        if UNSPACED.search(part):
            yield from part
        else:
            yield part


def links_of(text: str) -> Iterator[Link]:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        # What a link is called often is its address again.
        text = ANCHOR_TEXT.sub(r"\1 ", text)
    for number, found in enumerate(LINK.finditer(text)):
        if number == MOST_LINKS:
            return
        host = found[1].rpartition("@")[2].partition(":")[0].rstrip(".").lower()
        yield Link(host.removeprefix("www."), len(found[2].strip("/.,;:!?)")) > 0)


def signs_of(raw: str, plain: str, words: list[str]) -> dict[str, int]:
    digits = len(DIGIT.findall(plain))
    signs = {
        "letters": len(LETTER.findall(raw)),
        "capitals": len(CAPITAL.findall(raw)),
        "digits": digits,
        "exclamations": raw.count("!") + raw.count("！"),
        "questions": raw.count("?") + raw.count("？"),
        "lines": raw.count("\n"),
        "handles": sum(name in plain for name in MESSENGERS),
        "repeats": repeats_of(words),
        "longest_run": longest_run(plain),
    }
    # Each search only where a sign without which it finds nothing is there.
    if "<" in raw:
        signs["anchors"] = len(ANCHOR.findall(raw))
    if "[" in raw:
        signs["forum_markup"] = len(FORUM_MARKUP.findall(raw))
    if "@" in raw:
        signs["mailboxes"] = len(MAILBOX.findall(raw))
        signs["handles"] += len(HANDLE.findall(plain))
    if "." in plain:
        signs["addresses"] = len(BARE_ADDRESS.findall(plain))
    if any(sign in plain for sign in BREAKS):
        signs["broken_addresses"] = len(BROKEN_ADDRESS.findall(plain))
    if digits:
        signs["money"] = len(MONEY.findall(plain))
        signs["codes"] = sum(map(is_code, words))
    if digits >= FEWEST_DIGITS:
        signs["numbers"] = len(NUMBER.findall(plain))
    if not raw.isascii():
        signs |= {name: len(pattern.findall(raw)) for name, pattern in BEYOND_ASCII.items()}
    return signs


def is_code(word: str) -> bool:
    """Tell whether letters and digits stand in one word, as in made-up brands and identifiers."""
    return not word.isalpha() and not word.isdigit() and any(map(str.isdigit, word))


def longest_run(plain: str) -> int:
    """Return how long the longest piece without a space is, in scripts that have spaces."""
    longest = max(plain.split(), key=len, default="")
    if len(longest) < LONGEST_WORD or SPACELESS.search(longest) or LINK.search(longest):
        return 0
    return len(longest)


def repeats_of(words: list[str]) -> int:
    """Return what share of the words, in hundredths, says again what three words said before."""
    if len(words) < 12:
        return 0
    return 100 - 100 * len(set(zip(words, words[1:], words[2:], strict=False))) // (len(words) - 2)
