"""Dates written in a text: found, read and judged."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OPEN, CLOSE = r"[\[【]?\s*", r"\s*[\]】]?"
DATE = re.compile(
    rf"(?:\b(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+(?:the\s+)?)?(?:"
    rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?(?:\s+of)?[\s-]+(?P<m1>{MONTH})\b\.?,?[\s-]+(?P<y1>\d{{4}})\b"
    rf"|(?<!\w){OPEN}\b(?P<m2>{MONTH})\b\.?{CLOSE}\s*{OPEN}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?{CLOSE}"
    rf"\s*,?\s+{OPEN}(?P<y2>\d{{4}})\b"
    r"|(?<![\d./-])(?P<y3>(?:19"
    r"|20)\d{2})(?P<s3>[-/.])(?P<m3>\d{1,2})(?P=s3)(?P<d3>\d{1,2})(?![\d/-]|\.\d)"
    rf"|{OPEN}(?P<y4>(?:19|20)\d{{2}}){CLOSE}\s*年\s*{OPEN}(?P<m4>\d{{1,2}}){CLOSE}\s*月"
    rf"\s*{OPEN}(?P<d4>\d{{1,2}}){CLOSE}\s*[日号](?:\s*[（(]?(?:星期"
    rf"|周)(?P<han>[一二三四五六日天])[)）]?)?"
    r"|(?<![\d./-])(?P<a5>\d{1,2})(?P<s5>[/.-])(?P<b5>\d{1,2})(?P=s5)(?P<y5>(?:19"
    r"|20)\d{2})(?![\d/-]|\.\d)"
    r")",
    re.IGNORECASE,
)
# Every date above has one; most lines have none, and are passed over quickly.
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class FoundDate:
    """A date as it stands in a text; `day` is None where no such day exists or two are meant."""

    printed: str
    span: tuple[int, int]
    day: date | None
    is_impossible: bool = False
    is_ambiguous: bool = False
    weekday: int | None = None


def dates_in(text: str) -> Iterator[FoundDate]:
    """Yield the dates of a text in reading order."""
    if YEAR.search(text):
        for found in DATE.finditer(text):
            yield read(found)


def read(found: re.Match[str]) -> FoundDate:
    printed, span = found.group().strip(), found.span()
    if found["a5"]:
        return read_numeric(found, printed, span)
    year = int(found["y1"] or found["y2"] or found["y3"] or found["y4"])
    named = found["m1"] or found["m2"]
    month = month_of(named) if named else int(found["m3"] or found["m4"])
    number = int(found["d1"] or found["d2"] or found["d3"] or found["d4"])
    day = make(year, month, number)
    # 2.3.2021 and 1999.10.5 may be versions or sections: only clear dates can be impossible.
    is_clear = bool(named or found["y4"] or found["s3"] in {"-", "/"})
    return FoundDate(printed, span, day, is_clear and day is None, weekday=weekday_of(found))


def read_numeric(found: re.Match[str], printed: str, span: tuple[int, int]) -> FoundDate:
    first, second, year = int(found["a5"]), int(found["b5"]), int(found["y5"])
    # With dots the day always comes first.
    if found["s5"] == "." or first == second or first > 12 or second > 12:
        month, number = (second, first) if first > 12 or found["s5"] == "." else (first, second)
        return FoundDate(printed, span, make(year, month, number))
    is_ambiguous = make(year, second, first) is not None or make(year, first, second) is not None
    return FoundDate(printed, span, None, is_ambiguous=is_ambiguous)


def make(year: int, month: int, number: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= number <= monthrange(max(year, 1), month)[1]):
        return None
    return date(year, month, number)


def month_of(name: str) -> int:
    return next(
        number for number, month in enumerate(MONTH_NAMES, start=1) if month[:3] == name[:3].lower()
    )


def weekday_of(found: re.Match[str]) -> int | None:
    if found["weekday"]:
        return WEEKDAYS.index(found["weekday"].lower())
    if found["han"]:
        return "一二三四五六日天".index(found["han"]) % 7 if found["han"] != "天" else 6
    return None
