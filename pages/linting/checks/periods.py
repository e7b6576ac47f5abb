"""Periods and ages: of notice against the day of effect, and against each other."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from pages.linting.checks.dates import EFFECTIVE, UPDATED, labelled_dates
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
from pages.linting.languages import CHINESE, ENGLISH, any_of
from pages.linting.sentences import all_sentences

NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "五": 5,
    "七": 7,
    "十": 10,
    "十五": 15,
    "二十": 20,
    "三十": 30,
    "六十": 60,
    "九十": 90,
}
NUMBER = r"(?P<n>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")"
NOTICE = {
    ENGLISH: rf"\b{NUMBER}(?: ?\(\d+\))?[ -](?:calendar |business |working )?(?P<unit>day|week"
    rf"|month)s?"
    r"(?:['’]s?)?(?: (?:prior|advance|written|in advance))*(?:,? (?:written )?notice\b"
    r"| (?:in advance|before|prior to)\b)",
    CHINESE: rf"(?:提前|生效(?:日|日期)?(?:之)?前|变更前|修改前|更新前)(?:至少"
    rf"|不少于)?\s*{NUMBER.replace('?P<n>', '?P<n2>')}"
    r"\s*(?:个)?(?:工作|自然)?(?P<unit2>日|天|周|月)",
}
CHANGES = {
    ENGLISH: r"\b(?:chang|modif|amend|updat|revis|new version)\w*",
    CHINESE: r"变更|修改|更新|修订|调整",
}
DOCUMENT = {
    ENGLISH: r"\b(?:terms|policy|policies|agreement|notice of (?:the )?changes?|conditions|version"
    r"|document|they|it)\b",
    CHINESE: r"条款|政策|协议|版本|规则|声明|本文",
}
OTHER_NOTICES = {
    ENGLISH: r"\b(?:pric|fee|subscri|terminat|cancel|arbitrat|refund|renew|delet|dispute"
    r"|sub-?processor|close)\w*",
    CHINESE: r"价格|费用|订阅|终止|注销|仲裁|退款|续[费订]|删除",
}
UNIT_DAYS = {"day": 1, "week": 7, "month": 28, "日": 1, "天": 1, "周": 7, "月": 28}


def promised_notice(source: Source) -> tuple[int, SourceLine, tuple[int, int]] | None:
    """Return the longest notice in days that the text promises before it changes."""
    notice, changes, document, other = map(any_of, (NOTICE, CHANGES, DOCUMENT, OTHER_NOTICES))
    found = []
    for sentence in all_sentences(source):
        if not changes.search(sentence.text) or not document.search(sentence.text):
            continue
        if other.search(sentence.text):
            continue
        for promise in notice.finditer(sentence.text):
            printed = (promise["n"] or promise["n2"]).lower()
            unit = (promise["unit"] or promise["unit2"]).lower()
            number = NUMBERS.get(printed) or int(printed)
            start = sentence.start + promise.start()
            span = (start, start + len(promise.group()))
            found.append((number * UNIT_DAYS[unit], sentence.line, span))
    return max(found, key=lambda each: each[0], default=None)


def check_notice(source: Source, facts: Facts) -> Iterator[Finding]:
    """A day of effect that comes sooner than the text promises."""
    promised = promised_notice(source)
    if promised is None:
        return
    days, line, span = promised
    told = facts.published_at
    if told and facts.effective_at:
        if facts.effective_at < told + timedelta(days=days) - timedelta(hours=1):
            yield finding(
                "notice-too-short",
                ERROR,
                line,
                _(
                    "The text promises %(days)d days between notice and effect; this version takes "
                    "effect %(actual)d days after it is published. Choose a later day of effect."
                )
                % {"days": days, "actual": max(0, (facts.effective_at - told).days)},
                span,
            )
        return
    updated = labelled_dates(source, any_of(UPDATED))
    effective = labelled_dates(source, any_of(EFFECTIVE))
    if len(updated) == len(effective) == 1:
        actual = (effective[0].day - updated[0].day).days
        if 0 < actual < days:
            yield finding(
                "notice-too-short",
                WARNING,
                line,
                _(
                    "The text promises %(days)d days between notice and effect; its own dates lie "
                    "%(actual)d days apart. Choose a later day of effect."
                )
                % {"days": days, "actual": actual},
                span,
            )


REPLY = {
    ENGLISH: rf"\b(?:reply|respond|answer|response|get back)\b[^.;]{{0,60}}?\bwithin (?:a (?:period"
    rf"|maximum) of )?{NUMBER}"
    r"(?: ?\(\d+\))?[ -](?:(?:calendar|business|working) )?(?P<unit>day|week|month|hour)s?\b",
    CHINESE: rf"(?:{NUMBER.replace('?P<n>', '?P<n2>')}\s*个?(?P<work>工作)?(?P<unit2>日|天|周|月"
    rf"|小时)(?:之)?内"
    r"[^。；]{0,12}(?:回复|答复|予以答复|响应)|(?:回复|答复|响应)[^。；]{0,6}(?:时限"
    r"|期限)[^。；]{0,6}?\d{1,2}\s*[日天])",
}
MINIMUM_AGE = {
    ENGLISH: r"\b(?:must|have to|need to) be (?:at least |over (?:the age of )?"
    r"|older than )(?P<age>1[2-9]|2[01])\b"
    r"|\b(?:not|never) (?:be )?(?:use|register"
    r"|used)[^.]{0,60}\bunder (?:the age of )?(?P<age2>1[2-9]|2[01])\b",
    CHINESE: r"(?:须|必须|应当?)(?:年)?满\s*(?P<age3>1[2-9])\s*(?:周)?岁",
}
AGE_REASONS = {
    ENGLISH: r"\b(?:country|countries|state|jurisdiction|parent|guardian|consent|EU|EEA|europe"
    r"|california|united|reside|otherwise|older|purchas|buy|pay)",
    CHINESE: r"监护人|父母|国家|地区|购买",
}
REPLY_REASONS = {
    ENGLISH: r"\b(?:extend|further|additional|complex|appeal|acknowledge|confirm|complaint"
    r"|copyright|refund|california|europe|uk|court|law enforcement|report|security|if )",
    CHINESE: r"延长|复杂|投诉|退款|如|若",
}


def check_periods(source: Source, facts: Facts) -> Iterator[Finding]:
    """Two different periods for a reply, or two different ages at which one may take part."""
    for code, words, reasons in (
        ("two-reply-periods", REPLY, REPLY_REASONS),
        ("two-minimum-ages", MINIMUM_AGE, AGE_REASONS),
    ):
        pattern, excused = any_of(words), any_of(reasons)
        first: tuple[str, int] | None = None
        for sentence in all_sentences(source):
            found = pattern.search(sentence.text)
            if found is None or excused.search(sentence.text):
                continue
            value = value_of(found)
            if first is None:
                first = (value, sentence.number)
            elif value != first[0]:
                start = sentence.start + found.start()
                yield finding(
                    code,
                    WARNING,
                    sentence.line,
                    _(
                        "Here it is %(here)s, on line %(line)d it is %(there)s for the same thing. "
                        "Say it once, or say when each of them holds."
                    )
                    % {"here": value, "line": first[1], "there": first[0]},
                    (start, start + len(found.group())),
                )
                break


def value_of(found: re.Match[str]) -> str:
    """Return what a period or an age comes to, written so that equal ones are equal."""
    groups = found.groupdict()
    age = groups.get("age") or groups.get("age2") or groups.get("age3")
    if age:
        return age
    printed = (groups.get("n") or groups.get("n2") or "").lower()
    unit = (groups.get("unit") or groups.get("unit2") or "日").lower()
    number = NUMBERS.get(printed) or int(printed or re.sub(r"\D", "", found.group()) or 0)
    return f"{number} {'day' if unit in {'日', '天'} else unit}"


CHECKS: tuple[Check, ...] = (check_notice, check_periods)
