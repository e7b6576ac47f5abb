"""Typographic signs for typed ones, as WordPress's wptexturize puts them. Pure.

Quotation marks become curly, dashes long, three points one sign; feet, inches and multiplications
are told from them by the digits beside them. What is inside tags, comments, code and the brackets
of shortcodes stays as it was typed.
"""

import re
from collections.abc import Iterable

OPENING, CLOSING, DOUBLE_PRIME = "&#8220;", "&#8221;", "&#8243;"
OPENING_SINGLE, CLOSING_SINGLE, PRIME = "&#8216;", "&#8217;", "&#8242;"
APOSTROPHE, ELLIPSIS, EN_DASH, EM_DASH, TIMES = (
    "&#8217;", "&#8230;", "&#8211;", "&#8212;", "&#215;",
)  # fmt: skip
UNTOUCHED_ELEMENTS = frozenset({"pre", "code", "kbd", "style", "script", "tt"})
SHORTCODES = ("audio", "caption", "code", "embed", "gallery", "playlist", "video", "wp_caption")
UNTOUCHED_SHORTCODES = frozenset({"code"})

# Words that begin with an apostrophe where a quotation could begin as well.
CLIPPED = ("'tain't", "'twere", "'twas", "'tis", "'twill", "'til", "'bout", "'nuff", "'round",
           "'cause", "'em")  # fmt: skip
FIXED = {
    "...": ELLIPSIS, "``": OPENING, "''": CLOSING, " (tm)": " &#8482;",
    **{word: word.replace("'", APOSTROPHE) for word in CLIPPED},
}  # fmt: skip

SPACE = r"[\r\n\t \xa0]|&nbsp;"
AFTER_SPACE = r"(?:\A|(?<=[\r\n\t \xa0])|(?<=&nbsp;))"
NOT_AFTER_SPACE = r"(?<![\r\n\t \xa0])(?<!&nbsp;)"
BEFORE_SPACE = rf"(?=\Z|{SPACE})"
AT_THE_END = rf"(?=\Z|[.,:;!?)}}\-\]]|&gt;|{SPACE})"

# What an opening sign is written as until primes have been told from closing signs.
OPEN_MARK, CLOSE_MARK, APOSTROPHE_MARK = "\ue000", "\ue001", "\ue002"
MARKS = (OPEN_MARK, CLOSE_MARK, APOSTROPHE_MARK)

Rules = tuple[tuple[re.Pattern[str], str], ...]


def rules(*pairs: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), becomes) for pattern, becomes in pairs)


SINGLE_RULES = rules(
    # A year cut short at the end of a quotation.
    (rf"'(\d\d)'{AT_THE_END}", rf"{APOSTROPHE_MARK}\1{CLOSING_SINGLE}"),
    (rf"'(\d\d)\"{AT_THE_END}", rf"{APOSTROPHE_MARK}\1{CLOSING}"),
    # A year cut short anywhere else, but no quantity.
    (r"'(?=\d\d(?:\Z|(?![%\d]|[.,]\d)))", APOSTROPHE_MARK),
    (rf"{AFTER_SPACE}'(\d[.,\d]*)'", rf"{OPEN_MARK}\1{CLOSING_SINGLE}"),
    (rf"(?:{AFTER_SPACE}|(?<=[(\[{{\"\-])|(?<=&lt;))'", OPEN_MARK),
    # Inside a word.
    (rf"{NOT_AFTER_SPACE}'(?!\Z|[.,:;!?\"'(){{}}\[\]\-]|&[lg]t;|{SPACE})", APOSTROPHE_MARK),
)
DOUBLE_RULES = rules(
    (rf"{AFTER_SPACE}\"(\d[.,\d]*)\"", rf"{OPEN_MARK}\1{CLOSING}"),
    (rf"(?:{AFTER_SPACE}|(?<=[(\[{{\-])|(?<=&lt;))\"(?!{SPACE})", OPEN_MARK),
)
DASH_RULES = rules(
    (r"---", EM_DASH),
    (rf"{AFTER_SPACE}--{BEFORE_SPACE}", EM_DASH),
    # Names of hosts that are written in ASCII begin with xn--.
    (r"(?<!xn)--", EN_DASH),
    (rf"{AFTER_SPACE}-{BEFORE_SPACE}", EN_DASH),
)
# 9x9, but no number in base sixteen.
MULTIPLICATION = re.compile(r"\b((?:0[\d.,]+)|(?:[1-9][\d.,]*))x(\d[\d.,]*)\b", re.ASCII)
LOOKS_MULTIPLIED = re.compile(r"\dx\d", re.ASCII)
LONE_AMPERSAND = re.compile(r"&(?!#(?:\d+|x[a-f0-9]+);|[a-z1-4]{1,8};)", re.IGNORECASE)
CLOSERS = {sign: re.compile(f"{sign}{AT_THE_END}") for sign in "'\""}
PRIMES = {sign: re.compile(rf"(?<=\d){sign}") for sign in "'\""}
CLOSER_AFTER_DIGIT = re.compile(rf"(?<=\d){CLOSE_MARK}")
CLOSER_AFTER_NONE = re.compile(rf"(?<!\d){CLOSE_MARK}")

# What a title may be marked up with, as WordPress's titles are; anything else is shown as typed.
TITLE_ELEMENTS = ("abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s",
                  "small", "strike", "strong", "sub", "sup", "u")  # fmt: skip
# Before white space, a digit or a sign of equality no element begins.
NO_TITLE_MARKUP = re.compile(rf"<(?!/?(?:{'|'.join(TITLE_ELEMENTS)})>|[\s\d=])", re.IGNORECASE)

PIECES = re.compile(
    r"(<!--.*?(?:-->|\Z)|<[^>]*>?|\[\[?/?(?:" + "|".join(SHORTCODES) + r")\b[^\[\]<>]*\]\]?)",
    re.DOTALL,
)
NAME = re.compile(r"[<\[](/?)([a-zA-Z][\w-]*)")


def texturize(html: str) -> str:
    """Return HTML with typographic signs; what has them already is returned as it is."""
    for mark in MARKS:
        html = html.replace(mark, "")
    elements: list[str] = []
    shortcodes: list[str] = []
    shown = []
    for piece in PIECES.split(html):
        if piece.startswith("<!--"):
            shown.append(piece)
        elif piece.startswith("<"):
            follow(piece, elements, UNTOUCHED_ELEMENTS)
            shown.append(LONE_AMPERSAND.sub("&#038;", piece))
        elif piece.startswith("[") and PIECES.fullmatch(piece):
            if not piece.startswith("[["):
                follow(piece, shortcodes, UNTOUCHED_SHORTCODES)
            shown.append(piece)
        else:
            is_touched = not elements and not shortcodes and bool(piece.strip())
            shown.append(texturize_words(piece) if is_touched else piece)
    return "".join(shown)


def title_html(title: str) -> str:
    """Return a title as the HTML that WordPress makes of it, where that is harmless."""
    return texturize(NO_TITLE_MARKUP.sub("&lt;", title)).strip()


def follow(tag: str, opened: list[str], names: Iterable[str]) -> None:
    """Keep account of which of the named elements are open."""
    found = NAME.match(tag)
    name = found[2].lower() if found else ""
    if name not in names or found is None:
        return
    if not found[1]:
        opened.append(name)
    elif opened and opened[-1] == name:
        opened.pop()


def texturize_words(words: str) -> str:
    for typed, shown in FIXED.items():
        words = words.replace(typed, shown)
    if "'" in words:
        words = applied(SINGLE_RULES, words)
        words = tell_primes(words, "'", prime=PRIME, close=CLOSING_SINGLE)
        words = words.replace(APOSTROPHE_MARK, APOSTROPHE).replace(OPEN_MARK, OPENING_SINGLE)
    if '"' in words:
        words = applied(DOUBLE_RULES, words)
        words = tell_primes(words, '"', prime=DOUBLE_PRIME, close=CLOSING)
        words = words.replace(OPEN_MARK, OPENING)
    if "-" in words:
        words = applied(DASH_RULES, words)
    if LOOKS_MULTIPLIED.search(words):
        words = MULTIPLICATION.sub(rf"\1{TIMES}\2", words)
    return LONE_AMPERSAND.sub("&#038;", words)


def applied(to_apply: Rules, words: str) -> str:
    for pattern, becomes in to_apply:
        words = pattern.sub(becomes, words)
    return words


def tell_primes(words: str, sign: str, *, prime: str, close: str) -> str:
    """Tell feet, minutes and inches from the ends of quotations, quotation by quotation."""
    before, *quoted = words.split(OPEN_MARK)
    shown = [without_quotation(before, sign, prime, close)]
    for sentence in quoted:
        tell = without_quotation if close in sentence else within_quotation
        shown.append(tell(sentence, sign, prime, close))
    if sign == '"':
        shown = [sentence.replace('"', close) for sentence in shown]
    return OPEN_MARK.join(shown)


def without_quotation(sentence: str, sign: str, prime: str, close: str) -> str:
    return CLOSERS[sign].sub(close, PRIMES[sign].sub(prime, sentence))


def within_quotation(sentence: str, sign: str, prime: str, close: str) -> str:
    marked, count = CLOSERS[sign].subn(CLOSE_MARK, sentence)
    if count > 1:
        marked, ends = CLOSER_AFTER_NONE.subn(close, marked)
        if not ends:
            # Every candidate follows a digit: the last before a full stop ends the quotation.
            place = marked.rfind(f"{CLOSE_MARK}.")
            place = place if place >= 0 else marked.rfind(CLOSE_MARK)
            marked = f"{marked[:place]}{close}{marked[place + 1 :]}"
        marked = CLOSER_AFTER_DIGIT.sub(prime, marked)
    return PRIMES[sign].sub(prime, marked.replace(CLOSE_MARK, close))
