"""Contact details: labels with nothing behind them, addresses that cannot be used."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.checks.placeholders import forms_of
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
from pages.linting.labels import label_of
from pages.linting.languages import CHINESE, ENGLISH, any_of, compiled, count_words

LABEL_WORDS = {
    ENGLISH: r"(?:e-?mail(?: address)?|telephone|phone(?: number)?|tel\.?|mail(?:ing)? address"
    r"|postal address|contact (?:address|number|e-?mail|person)|hotline)",
    CHINESE: r"(?:电子邮箱|电子邮件|联系邮箱|邮箱(?:地址)?|联系电话|电话|客服热线|联系地址"
    r"|通讯地址|联系方式)",
}
# An e-mail address, a link, a telephone number or a way that needs none of them.
ADDRESS = re.compile(
    r"\S@\S|\w\s*(?:\(|\[|\s)at(?:\)|\]|\s)\s*\w+\s*(?:\.|dot|\(dot\))|https?://|www\.|\w\.\w{2,}/"
    r"|\+?\d[\d\s()./-]{5,}\d|\[email",
    re.IGNORECASE,
)
ANNOUNCES = {
    ENGLISH: r"\b(?:contact|reach|write to|e-?mail) (?:us|him|her|them)\b.*\b(?:following|below"
    r"|these|ways?|here)\b|\b(?:following|below) (?:contact|ways?|address|details|channels?)",
    CHINESE: r"(?:联系我们|与我们联系|联系方式|通过(?:以下|下列|如下)(?:方式|途径|渠道))",
}
BY_MEANS = re.compile(
    r"(?:\b(?:by|via|per|through|or|and|our|your|an|in|on|of|with|the|to)\s+"
    r"|[通过用以及或和您]\s*)$",
    re.I,
)
# A label for the reader to fill in: whose it is, or others like it around.
READERS = re.compile(
    r"\b(?:your|customer|consumer|user|buyer|recipient|sender|owner|client|applicant|guardian"
    r"|parent|complainant|subscriber|member)(?:['’]?s['’]?)?\s+(?:[\w'’-]+\s+){0,2}$"
    r"|(?:您|你|用户|消费者|客户|收件人|收货人|申请人|监护人)的?\s*$",
    re.IGNORECASE,
)
SCRAMBLED = re.compile(r"\[email\s*protected\]", re.IGNORECASE)
WAYS = {
    ENGLISH: r"contact form|online form|web form|help cent|support (?:page|cent|team|ticket)"
    r"|customer service|\bp\.? ?o\.? box\b|chat|\b(?:street|road|lane|avenue|suite|floor)\b",
    CHINESE: r"在线客服|联系表单|反馈|客服|热线|[路街]\S{0,6}号",
}
LONGEST_LABEL = 12


def check_empty_contact(source: Source, facts: Facts) -> Iterator[Finding]:
    """A label such as "E-mail:" with nothing behind it."""
    words = any_of(LABEL_WORDS).pattern
    ended = compiled(rf"(?:{words}) ?[:：] ?(?P<stop>[。.;；,，、)）]|$)")
    bare = compiled(rf"(?:{words})$")
    lines, forms = list(source.prose), forms_of(source)
    has_address = any(ADDRESS.search(line.text) for line in lines) or any(
        link.href.startswith(("mailto:", "tel:")) for link in source.links
    )
    pictured = {image.line for image in source.images}
    for position, line in enumerate(lines):
        if line.is_heading or line.in_table or line.line_at(len(line.text)) in pictured:
            continue
        has_colon = ":" in line.text or "：" in line.text
        for label in ended.finditer(line.text) if has_colon else ():
            if line.number in forms or READERS.search(line.text[: label.start()]):
                continue
            if label["stop"] or not follows_address(lines, position):
                yield empty_contact(line, label.span())
                break
        else:
            text = label_of(line.text)[1]
            if (
                not has_address
                and count_words(text) <= LONGEST_LABEL
                and (label_found := bare.search(text))
                and not BY_MEANS.search(text[: label_found.start()])
                and is_announced(lines, position)
            ):
                yield empty_contact(line, (0, len(line.text)))


def empty_contact(line: SourceLine, span: tuple[int, int]) -> Finding:
    return finding(
        "empty-contact",
        ERROR,
        line,
        _(
            "A contact is announced and not given. Write the address or number, or take the label "
            "out."
        ),
        span,
    )


def follows_address(lines: list[SourceLine], position: int) -> bool:
    """Tell whether what follows an open label may be what it announces.

    Whatever is no other label counts: a postal address looks like any words.
    """
    if position + 1 == len(lines):
        return False
    following = lines[position + 1]
    if ADDRESS.search(following.text):
        return True
    return not following.is_heading and not re.search(r"[:：]\s*$", following.text)


def is_announced(lines: list[SourceLine], position: int) -> bool:
    announces = any_of(ANNOUNCES)
    return any(announces.search(line.text) for line in lines[max(0, position - 2) : position])


def check_scrambled_address(source: Source, facts: Facts) -> Iterator[Finding]:
    """Addresses that a script hid from robots, copied without that script."""
    for line in source.prose:
        if found := SCRAMBLED.search(line.text):
            yield finding(
                "scrambled-address",
                WARNING,
                line,
                _("The e-mail address was lost when this text was copied. Write the address out."),
                found.span(),
            )


def check_any_contact(source: Source, facts: Facts) -> Iterator[Finding]:
    """A privacy policy in which nobody can be reached."""
    lines = list(source.prose)
    if facts.kind != "privacy" or not lines or "missing-contact" in facts.waived:
        return
    ways = any_of(WAYS)
    if any(ADDRESS.search(line.text) or ways.search(line.text) for line in lines):
        return
    if any(
        link.href.startswith(("mailto:", "tel:")) or "contact" in link.href.lower()
        for link in source.links
    ):
        return
    yield finding(
        "missing-contact",
        WARNING,
        lines[0],
        _(
            "Nobody can be reached: the policy names no e-mail address, no telephone number and no "
            "form. Say how to reach whoever answers for personal data (GDPR 13(1)(a); PIPL 17(1))."
        ),
    )


CHECKS: tuple[Check, ...] = (check_empty_contact, check_scrambled_address, check_any_contact)
