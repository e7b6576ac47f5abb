"""Dates and periods that contradict each other or what is known of the version."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from pages.linting.calendar import MONTH, WEEKDAYS, FoundDate, dates_in
from pages.linting.findings import (
    ERROR,
    WARNING,
    Check,
    Facts,
    Finding,
    Source,
    SourceLine,
    finding,
)
from pages.linting.languages import CHINESE, ENGLISH, any_of, language_in

UPDATED = {
    ENGLISH: r"(?:last|most recently|date of (?:the )?last) (?:updated?|modified|modification"
    r"|revised|revision|amended|changed?)"
    r"|(?:updated|revised|modified|amended) on\b|(?:update|revision|modification) date"
    r"|date of (?:update|revision)",
    CHINESE: r"(?:最后|最近|最新|上次)(?:一次)?(?:更新|修订|修改)(?:日期|时间|于)?|(?:更新|修订"
    r"|修改)(?:日期|时间|于)",
}
EFFECTIVE = {
    ENGLISH: r"effective (?:date|as of|from|on|since)\b|\beffective ?[:：]|date effective"
    r"|(?:tak(?:e|es|ing) (?:officially )?effect|comes? into (?:force|effect)) (?:on|from"
    r"|as of)\b"
    r"|\b(?:terms|policy|agreement|notice|version) (?:is|are) effective\b|– effective\b",
    CHINESE: r"生效(?:日期|时间|日)|自(?=.{0,30}(?:起|开始)?(?:生效|施行|实施))"
    r"|于(?=.{0,24}(?:正式)?生效)",
}
ELSEWHERE = {
    ENGLISH: r"\b(?:act|gdpr|ccpa|cpra"
    r"|law|regulation|directive|code|previous|earlier|former|prior|archived?|old"
    r"|superseded|replace[sd]?|history|changelog|before|until|after|if you"
    r"|accounts? created|registered)\b",
    CHINESE: r"[《]|法律|条例|规定|此前|之前|以前|上一版|旧版|历史版本|注册的用户",
}
NEAR = 40
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Labelled:
    """A date with the label that says what it dates."""

    line: SourceLine
    found: FoundDate
    day: date


def labelled_dates(source: Source, words: re.Pattern[str]) -> list[Labelled]:
    """Return the dates that directly follow a label."""
    elsewhere = any_of(ELSEWHERE)
    result = []
    for line in source.prose:
        dates = [found for found in dates_in(line.text) if found.day]
        if not dates:
            continue
        for label in words.finditer(line.text):
            near = [
                found
                for found in dates
                if 0 <= found.span[0] - label.end() <= NEAR
                and not re.search(r"[。;；]|\.\s", line.text[label.end() : found.span[0]])
            ]
            around = re.split(r"[.。;；]", line.text[max(0, label.start() - NEAR) : label.start()])[
                -1
            ]
            if (
                near
                and near[0].day
                and not elsewhere.search(around + line.text[label.end() : near[0].span[0]])
            ):
                result.append(Labelled(line, near[0], near[0].day))
    return result


def check_possible(source: Source, facts: Facts) -> Iterator[Finding]:
    """Days that no calendar has, and weekdays that are not those of their day."""
    for line in source.prose:
        for found in dates_in(line.text):
            if found.is_impossible:
                yield finding(
                    "impossible-date",
                    ERROR,
                    line,
                    _("There is no such day as %(date)s. Write the day that is meant.")
                    % {"date": found.printed},
                    found.span,
                )
            elif found.day and found.weekday is not None and found.weekday != found.day.weekday():
                yield finding(
                    "wrong-weekday",
                    ERROR,
                    line,
                    _(
                        "%(date)s is another day of the week (%(weekday)s). Correct the one or the "
                        "other."
                    )
                    % {
                        "date": found.printed,
                        "weekday": WEEKDAYS[found.day.weekday()].capitalize(),
                    },
                    found.span,
                )


def check_ambiguous(source: Source, facts: Facts) -> Iterator[Finding]:
    """Dates that Europeans and Americans read differently, and labelled dates without a year."""
    # Only in English do two countries read it in two ways.
    is_english = language_in(source, facts) == ENGLISH
    for line in source.prose if is_english else ():
        for found in dates_in(line.text):
            if found.is_ambiguous:
                yield finding(
                    "ambiguous-date",
                    WARNING,
                    line,
                    _("%(date)s reads as two different days. Write the month as a word.")
                    % {"date": found.printed},
                    found.span,
                )
    yearless = re.compile(
        rf"(?:{any_of(UPDATED).pattern}|{any_of(EFFECTIVE).pattern})\s*[:：]?\s*(?:"
        rf"(?:{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH})"
        r"(?!\s*,?\s*(?:of\s+)?[\[\d])|\d{1,2}月\d{1,2}日)\s*(?:$|[.。;；,，)）])",
        re.IGNORECASE,
    )
    for line in source.prose:
        if DIGIT.search(line.text) and (found_yearless := yearless.search(line.text)):
            yield finding(
                "date-without-year",
                WARNING,
                line,
                _("This date has no year. Add it, as people read old versions too."),
                found_yearless.span(),
            )


def check_labelled(source: Source, facts: Facts) -> Iterator[Finding]:
    """The dates of update and effect in the text, against each other and against the version's."""
    updated = labelled_dates(source, any_of(UPDATED))
    effective = labelled_dates(source, any_of(EFFECTIVE))
    yield from against_version(
        updated, {facts.updated_on} if facts.updated_on else set(), "update", facts.updated_on
    )
    yield from against_version(
        effective,
        days_of_effect(facts),
        "effect",
        facts.effective_at.date() if facts.effective_at else None,
    )
    if facts.updated_on and facts.effective_at and source.lines:
        if facts.updated_on > max(days_of_effect(facts)):
            yield finding(
                "effective-before-update",
                ERROR,
                source.lines[0],
                _(
                    "The version takes effect on %(effective)s, before its update on %(updated)s. "
                    "Correct one of the two dates."
                )
                % {"effective": facts.effective_at.date(), "updated": facts.updated_on},
            )
    elif len(updated) == len(effective) == 1 and effective[0].day < updated[0].day:
        line = effective[0].line
        yield finding(
            "effective-before-update",
            WARNING,
            line,
            _(
                "The text takes effect on %(effective)s and was updated on %(updated)s (line "
                "%(line)d). Check both; a new version needs a day of effect of its own."
            )
            % {
                "effective": effective[0].day,
                "updated": updated[0].day,
                "line": updated[0].line.line_at(updated[0].found.span[0]),
            },
            effective[0].found.span,
        )
    for each in updated:
        if facts.today and each.day > facts.today + timedelta(days=1):
            yield finding(
                "updated-in-future",
                WARNING,
                each.line,
                _(
                    "The text says that it was updated on %(date)s, which is "
                    "still to come. Correct "
                    "the date."
                )
                % {"date": each.day},
                each.found.span,
            )


def days_of_effect(facts: Facts) -> set[date]:
    """Return the days that the moment of effect is, from the first time zone to the last."""
    if facts.effective_at is None:
        return set()
    return {(facts.effective_at + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}


def against_version(
    dates: list[Labelled], days: set[date], what: str, known: date | None
) -> Iterator[Finding]:
    if not dates or not days or any(each.day in days for each in dates):
        return
    messages = {
        "update": _(
            "The text says that it was updated on %(text)s, the version says %(known)s. "
            "Correct one of the two."
        ),
        "effect": _(
            "The text says that it takes effect on %(text)s, the version says %(known)s. "
            "Correct one of the two."
        ),
    }
    yield finding(
        f"{what}-date-differs",
        ERROR,
        dates[0].line,
        messages[what] % {"text": dates[0].day, "known": known},
        dates[0].found.span,
    )


CHECKS: tuple[Check, ...] = (check_possible, check_ambiguous, check_labelled)
