"""Every check of the linter on a text that has the fault and on one like it that has not."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.clauses import make_clauses, to_text
from pages.importing import read_policy
from pages.linting import (
    ERROR,
    HINT,
    WARNING,
    Facts,
    Kept,
    check_translation,
    lint,
    locale_of,
    read_source,
    source_of_clauses,
)
from pages.linting.checks import CHECKS


class Case(NamedTuple):
    code: str
    severity: str
    line: int
    fault: str
    right: str
    kind: str = "text"
    facts: Facts = Facts()
    right_facts: Facts | None = None


LONG = "We run this shop and describe here what happens with what you tell us when you order. "
PRIVACY = Facts(kind="privacy", locale="en")
VERSION = Facts(
    updated_on=date(2026, 11, 16),
    effective_at=datetime(2027, 1, 15, tzinfo=UTC),
    published_at=datetime(2026, 11, 16, 9, tzinfo=UTC),
    today=date(2026, 11, 24),
)

KEPT = Facts(
    kept=(
        Kept("x.reply_days", "answers", "days", 14,
             (("en", r"\bwe answer\b"), ("zh-hans", "我们[^。]*答复"))),
        Kept("x.akismet", "Akismet", "", False, (("en", r"\bakismet\b"),)),
    )
)  # fmt: skip

OWN = Facts(
    entity_names=("Mill Tea Ltd",),
    entity_domains=frozenset({"mill.example"}),
    paths=frozenset({"/terms/"}),
)

CASES = [
    # Placeholders, tags and labels.
    Case(
        "placeholder",
        WARNING,
        1,
        "Begin the subject line with [your name].",
        "Write “sent by [your name]” below it. Choose Settings → [App name] → Off.",
    ),
    Case(
        "placeholder",
        ERROR,
        1,
        "You can contact us at [phone number].",
        "Model withdrawal form\nOrdered on [date]\nName of the consumer: [.........]",
    ),
    Case(
        "placeholder", ERROR, 1, "“[Company]” (we) sells tea.", "The law says “... [...] a year”."
    ),
    Case(
        "placeholder",
        ERROR,
        2,
        "Hello.\n[Company Name] runs this site.",
        "Hello.\n[Sic] Acme Ltd. runs this site, see [1].",
    ),
    Case(
        "placeholder",
        ERROR,
        1,
        "Write to [insert email address here] at any time.",
        "Write to [our office](mailto:a@b.example) at any time.",
        "markdown",
    ),
    Case("placeholder", ERROR, 1, "本网站由【公司名称】运营。", "【特别提示】请仔细阅读以下条款。"),
    Case(
        "placeholder",
        ERROR,
        1,
        "请发送邮件至【邮箱】与我们联系。",
        "【联系方式】请发送邮件至 a@b.example。",
    ),
    Case(
        "placeholder",
        ERROR,
        3,
        "# Terms\n\nThese hold from [date] on.",
        "# Terms\n\nThese hold from [a date][d] on.\n\n[d]: /dates",
        "markdown",
    ),
    Case(
        "bracketed-date",
        ERROR,
        2,
        "Note:\nIn effect from [March] [3], 2024.",
        "Note:\nIn effect from March 3, 2024 [3].",
    ),
    Case(
        "bracketed-date",
        ERROR,
        1,
        "本政策自【2024】年【3】月【1】日起生效。",
        "本政策自2024年3月1日起生效。",
    ),
    Case("filler", ERROR, 1, "Lorem ipsum dolor sit amet.", "Ipsum is a town."),
    Case("filler", ERROR, 1, "Call XXXX for help.", "The card ends in ****1234 or xxx-xx-6789."),
    Case("filler", ERROR, 1, "本站由某某公司运营。", "例如某某公司可能会收到数据。"),
    Case("filler", WARNING, 1, "The fee is TBD for now.", "The fee is ten pounds for now."),
    Case(
        "filler",
        WARNING,
        1,
        "This site belongs to ______ alone.",
        "This site belongs to us.\n\n____",
    ),
    Case(
        "template-tag",
        ERROR,
        2,
        "Hi\nContact {{ site.email }} now.",
        "Hi\nContact {us} now.",
        "markdown",
    ),
    Case(
        "template-tag",
        ERROR,
        1,
        "See [us]({{ site.url }}) now.",
        "Write `{{ site.url }}` there.",
        "markdown",
    ),
    Case("template-tag", ERROR, 1, "{% if shop %}We sell.{% endif %}", "Up to 20 % sold, 5%."),
    Case(
        "template-tag",
        ERROR,
        1,
        'Write here: [contact-form-7 id="12" title="Write"]',
        "Write here [see note 7].",
    ),
    Case(
        "template-tag",
        ERROR,
        1,
        "Kept for {{ comments.days }} days.",
        "Kept for 365 days.",
    ),
    Case(
        "stock-label",
        ERROR,
        3,
        "Comments\n\nSuggested text: We keep what you write.",
        "Comments\n\nWe keep the suggested text that you write.",
    ),
    Case("stock-label", ERROR, 1, "建议的文本：我们保存评论。", "我们保存评论的文本：内容和名称。"),
    Case(
        "stock-label",
        ERROR,
        1,
        "Note to editors: name the shop.",
        "A note to our editors helps us.",
    ),
    Case(
        "empty-quotes",
        ERROR,
        2,
        "Terms\nAll rights belong to “”.",
        "Terms\nAll rights belong to “Acme”.",
    ),
    Case("empty-quotes", ERROR, 1, "本网站的所有权归“ ”所有。", "本网站的所有权归“甲公司”所有。"),
    Case(
        "empty-site-address",
        ERROR,
        2,
        "Who we are\nOur website address is: .",
        "Who we are\nOur website address is: https://shop.example.",
    ),
    Case(
        "empty-site-address",
        ERROR,
        1,
        "我们的网站地址是：。",
        "我们的网站地址是：https://shop.example。",
    ),
    Case(
        "empty-site-address",
        ERROR,
        1,
        "Our website address is:\nComments",
        "Our website address is:\nhttps://shop.example",
    ),
    # Contacts.
    Case(
        "empty-contact", ERROR, 2, "Write to us.\nE-mail: .", "Write to us.\nE-mail: a@b.example."
    ),
    Case("empty-contact", ERROR, 2, "联系我们\n联系邮箱：", "联系我们\n联系邮箱：\na@b.example"),
    Case(
        "empty-contact",
        ERROR,
        2,
        "Please contact us in the following ways.\nData officer's e-mail",
        "Please contact us in the following ways.\nby e-mail",
    ),
    Case(
        "empty-contact",
        ERROR,
        2,
        "<p>Write to us.</p>\n<p>E-mail:</p>",
        '<p>Write to us.</p>\n<p>E-mail: <img src="a.png" alt="a at b"></p><p>E-mail: <input></p>',
        "html",
    ),
    Case("scrambled-address", WARNING, 1, "Write to [email protected].", "Write to a@b.example."),
    Case(
        "missing-contact",
        WARNING,
        1,
        "We keep little.",
        "We keep little. Write to a@b.example.",
        facts=PRIVACY,
    ),
    # Numbers.
    Case(
        "numbering-jump",
        WARNING,
        5,
        "1. One\nText.\n2. Two\nText.\n5. Five",
        "1. One\nText.\n2. Two\n1. One\n2. Two",
    ),
    Case(
        "numbering-jump",
        WARNING,
        3,
        "## 1. One\n\n## 3. Three",
        "## 1. One\n\n## 2. Two",
        "markdown",
    ),
    Case(
        "numbering-jump",
        WARNING,
        4,
        "一、总则\n（一）目的\n（二）范围\n（五）解释",
        "一、总则\n（一）目的\n（二）范围\n二、解释\n（一）用语",
    ),
    Case(
        "numbering-jump",
        WARNING,
        3,
        "第一条 总则\n第二条 范围\n第五条 附则",
        "第一条 总则\n第二条 范围\n第三条 附则",
    ),
    Case(
        "numbering-jump",
        WARNING,
        3,
        "1.1 Scope of this\n1.2 Your orders\n1.4 Returns",
        "1.1 Scope of this\n1.2 Your orders\n2.1 Returns",
    ),
    Case(
        "numbering-jump",
        WARNING,
        3,
        "(a) one;\n(b) two;\n(e) five.",
        "(g) one;\n(h) two;\n(j) after (i).",
    ),
    Case(
        "numbering-repeat",
        WARNING,
        3,
        "(1) One;\n(2) two;\n(2) again.",
        "(1) One;\n(2) two;\n(3) three.",
    ),
    Case(
        "numbering-back",
        WARNING,
        3,
        "(1) One;\n(5) five;\n(3) three.",
        "(1) One;\n(2) two;\n(1) anew.",
    ),
    Case(
        "missing-section",
        WARNING,
        4,
        "1. One\n2. Two\n3. Three\nSee section 9 below.",
        "1. One\n2. Two\n3. Three\nSee section 2 below and Article 49 GDPR.",
    ),
    Case(
        "missing-section",
        WARNING,
        4,
        "第一条 甲\n第二条 乙\n第三条 丙\n详见本政策第八条。",
        "第一条 甲\n第二条 乙\n第三条 丙\n依照《民法典》第一百条，详见第二条。",
    ),
    # Dates and periods.
    Case(
        "impossible-date",
        ERROR,
        2,
        "Terms\nIn force since 31 June 2024.",
        "Terms\nIn force since 30 June 2024.",
    ),
    Case("impossible-date", ERROR, 1, "更新日期：2023年2月29日", "更新日期：2024年2月29日"),
    Case(
        "wrong-weekday",
        ERROR,
        1,
        "In force from Monday, 3 March 2026.",
        "In force from Tuesday, 3 March 2026.",
    ),
    Case("ambiguous-date", WARNING, 1, "Last updated: 04/05/2026", "Last updated: 24/05/2026"),
    Case("date-without-year", WARNING, 1, "Last updated: 4 May", "Last updated: 4 May 2026"),
    Case(
        "effective-before-update",
        WARNING,
        2,
        "Updated on 3 May 2026.\nEffective date: 1 May 2026",
        "Updated on 1 May 2026.\nEffective date: 3 May 2026",
    ),
    Case(
        "effective-before-update",
        ERROR,
        1,
        "Our terms.",
        "Our terms.",
        facts=Facts(updated_on=date(2026, 5, 3), effective_at=datetime(2026, 5, 1, tzinfo=UTC)),
        right_facts=VERSION,
    ),
    Case(
        "update-date-differs",
        ERROR,
        2,
        "Terms\nLast updated: 1 May 2026",
        "Terms\nLast updated: 16 November 2026",
        facts=VERSION,
    ),
    Case(
        "effect-date-differs",
        ERROR,
        1,
        "本政策生效日期：2027年2月1日",
        "本政策生效日期：2027年1月15日",
        facts=VERSION,
    ),
    Case(
        "updated-in-future",
        WARNING,
        1,
        "Last updated: 1 May 2027",
        "Last updated: 1 May 2026",
        facts=Facts(today=date(2026, 11, 24)),
    ),
    Case(
        "notice-too-short",
        ERROR,
        2,
        "Changes\nWe give you 90 days' notice before these terms change.",
        "Changes\nWe give you 30 days' notice before these terms change. Prices change "
        "with 90 days' notice.",
        facts=VERSION,
    ),
    Case(
        "notice-too-short",
        ERROR,
        1,
        "本政策如有变更，我们会在生效前90日通知您。",
        "本政策如有变更，我们会在生效前7日通知您。",
        facts=VERSION,
    ),
    Case(
        "notice-too-short",
        WARNING,
        1,
        "We announce changes to this policy 30 days before they take effect. Updated on "
        "1 May 2026.\nEffective date: 5 May 2026",
        "We announce changes to this policy 30 days before they take effect. Updated "
        "on 1 May 2026.\nEffective date: 5 June 2026",
    ),
    Case(
        "two-reply-periods",
        WARNING,
        2,
        "We reply within 15 days.\nWe answer every letter within 30 days.",
        "We reply within 15 days.\nWe answer every letter within fifteen days.",
    ),
    Case(
        "two-minimum-ages",
        WARNING,
        2,
        "You must be at least 16.\nYou must be at least 18 to register.",
        "You must be at least 16.\nYou must be at least 18 where your country says so.",
    ),
    # What the running software does.
    Case(
        "number-differs",
        WARNING,
        2,
        "Ask us.\nWe answer within 30 days.",
        "Ask us.\nWe answer within two weeks. You answer us within 30 days.",
        facts=KEPT,
    ),
    Case("number-differs", WARNING, 1, "我们将在30天内答复。", "我们将在14天内答复。", facts=KEPT),
    Case(
        "feature-off",
        WARNING,
        1,
        "Comments are checked through Akismet.",
        "If Akismet is switched on, comments are checked by it.",
        facts=KEPT,
    ),
    # Terms, and whose text it is.
    Case(
        "unused-term",
        HINT,
        1,
        "Mill Holdings Group (“Parent”) sells tea.",
        "Mill Holdings Group (“Parent”) sells tea. Parent pays us. Use the network (“NET”).",
    ),
    Case(
        "undefined-term",
        HINT,
        1,
        "We keep Customer Data, sell no Customer Data and erase Customer Data.",
        "We keep Customer Data, sell no Customer Data. “Customer Data” means what you send.",
    ),
    Case(
        "other-entity",
        WARNING,
        2,
        "Hello.\nThis site is operated by Larkspur Software, Inc. in Albany.",
        "Hello.\nThis site is operated by Mill Tea Ltd. in Albany. We pay Post Holdings Ltd.",
        facts=OWN,
    ),
    Case(
        "other-entity",
        WARNING,
        1,
        "杭州青禾信息技术有限公司（以下简称“我们”）运营本网站。",
        "Mill Tea Ltd.（以下简称“我们”）运营本网站，由杭州青禾信息技术有限公司配送。",
        facts=OWN,
    ),
    Case(
        "other-domain",
        WARNING,
        1,
        "Contact us at legal@larkspur.example.",
        "Contact us at legal@mill.example or mill@gmail.com. The post is post@larkspur.example.",
        facts=OWN,
    ),
    Case(
        "relative-link",
        WARNING,
        1,
        "See [terms](../terms.md) and [more](/gone/).",
        "See [terms](/terms/#x), [us](mailto:a@b.example) and [more](https://a.example.org).",
        "markdown",
        facts=OWN,
    ),
    # Rules that contradict each other.
    Case(
        "contradictory-effect",
        WARNING,
        1,
        "We may change this policy at any time without prior notice.\nWe notify you of material "
        "changes to this policy before they take effect.",
        "We may change, suspend or end the service at any time without prior notice, under these "
        "terms.\nWe notify you of changes to these terms before they take effect.",
    ),
    Case(
        "contradictory-effect",
        ERROR,
        1,
        "Changes to these terms are effective immediately upon posting.\nWe will notify "
        "you of changes to these terms before they take effect.",
        "Minor changes to these terms are effective immediately upon posting.\nWe will "
        "notify you of changes to these terms before they take effect.",
    ),
    Case(
        "contradictory-effect",
        ERROR,
        1,
        "We may change these terms at any time without notice.\nWe give 30 days' notice "
        "of changes to these terms.",
        "We may close an account at any time without notice.\nWe give 30 days' notice "
        "of changes to these terms.",
    ),
    Case(
        "contradictory-effect",
        ERROR,
        1,
        "修改后的条款一经公布即生效。\n本政策变更时，我们会在生效前通知您。",
        "修改后的条款于公布七日后生效。\n本政策变更时，我们会在生效前通知您。",
    ),
    Case(
        "contradictory-consent",
        ERROR,
        1,
        "If you continue to use the site after we change these terms, you agree to the "
        "changes.\nWe do not reduce your rights under this policy without your express "
        "consent.",
        "If you continue to use the site after we change these terms, you agree to the "
        "changes.\nWe do not send your pictures on without your express consent.",
    ),
    Case(
        "contradictory-consent",
        ERROR,
        1,
        "条款修改后，您继续使用本服务即表示同意。\n未经您的明确同意，我们不会减少您依照本政策享有的权利。",
        "条款修改后，您继续使用本服务即表示同意。\n未经您的明确同意，我们不会公开您的照片。",
    ),
    # Links and pictures.
    Case(
        "dead-anchor",
        ERROR,
        3,
        "# Who\n\nSee [there](#what).",
        "# Who\n\nSee [there](#WHO) or [up](#top).",
        "markdown",
    ),
    Case(
        "dead-anchor",
        ERROR,
        1,
        '<p>See <a href="#b">b</a>.</p>',
        '<p>See <a href="#b">b</a>.</p><p><a id="b"></a>B</p>',
        "html",
    ),
    Case(
        "empty-link", WARNING, 2, '<p>a</p>\n<a href="">b</a>', '<p>a</p>\n<a id="b"></a>', "html"
    ),
    Case("link-without-text", WARNING, 1, "x [](/a)", "x [![Map](a.png)](/a)", "markdown"),
    Case("image-without-text", WARNING, 1, '<img src="a.png">', '<img src="a.png" alt="">', "html"),
    Case("insecure-link", WARNING, 2, "a\nsee http://acme.com/x.", "a\nsee https://acme.com/x."),
    Case(
        "tracking-link",
        WARNING,
        1,
        "[a](https://acme.com/?utm_source=x)",
        "[a](https://acme.com/?page=2)",
        "markdown",
    ),
    Case("vague-link", HINT, 1, "Click [here](/a).", "Read [our terms](/a).", "markdown"),
    Case(
        "broken-mail-link",
        WARNING,
        1,
        "[a](mailto:nobody)",
        "[a](mailto:a@b.example?subject=x)",
        "markdown",
    ),
    Case(
        "other-mail-address",
        WARNING,
        1,
        "[a@b.example](mailto:c@d.example)",
        "[a@b.example](mailto:a@b.example)",
        "markdown",
    ),
    # Words.
    Case(
        "missing-subject",
        WARNING,
        2,
        "Terms\nThe shop ships daily. has the right to refuse any order it receives.",
        "Terms\nThe shop ships daily. It has the right to refuse any order it receives.",
    ),
    Case(
        "missing-subject",
        WARNING,
        1,
        "According to the law, has the right to refuse.",
        "According to the law, the shop has the right to refuse.",
    ),
    Case(
        "missing-subject",
        WARNING,
        1,
        "All text is the property of or its suppliers.",
        "All text is the property of Acme or its suppliers.",
    ),
    Case(
        "missing-subject",
        WARNING,
        1,
        "如您违反约定，有权暂停您的账户。由享有最终权利。",
        "如您违反约定，我们有权暂停您的账户。",
    ),
    Case(
        "missing-subject",
        WARNING,
        1,
        "reserves the right to change every price on this site.",
        "The shop:\n- reserves the right to change every price on this site.",
    ),
    Case("doubled-word", WARNING, 1, "We take care of of your data.", "We know that that is so."),
    Case("doubled-word", WARNING, 1, "我们我们保护您的数据。", "处理目的的变更会告知您。"),
    Case("mixed-punctuation", HINT, 1, "请注意,我们保存评论。", "请注意，我们保存 3,000 条评论。"),
    Case("broken-characters", WARNING, 1, "We donâ€™t sell data.", "We don’t sell data."),
    Case(
        "broken-characters",
        WARNING,
        1,
        "**Note** that we keep it.",
        "Note* that we keep it.\n* For a week.",
    ),
    Case(
        "outdated-law",
        WARNING,
        1,
        "We certify to the EU-U.S. Privacy Shield.",
        "The Privacy Shield is no longer valid.",
    ),
    Case("outdated-law", WARNING, 1, "我们遵循 GB/T 35273-2017。", "我们遵循 GB/T 35273-2020。"),
    # Build.
    Case("empty-heading", WARNING, 3, "# A\n\n##\n\nText.", "# A\n\n## B\n\nText.", "markdown"),
    Case("skipped-level", WARNING, 3, "# A\n\n### B", "## A\n\n### B\n\n## C", "markdown"),
    Case("no-headings", WARNING, 1, LONG * 100, LONG * 10),
    Case(
        "repeated-heading",
        HINT,
        5,
        "## Data\n\na\n\n## Data",
        "## Data\n\na\n\n## Dates",
        "markdown",
    ),
    Case("repeated-paragraph", HINT, 3, f"{LONG * 3}\n\n{LONG * 3}", f"{LONG * 3}\n\n{LONG * 4}"),
    Case("long-clause", HINT, 1, LONG * 20, f"{LONG * 10}\n\n{LONG * 11}"),
    Case("long-clause", HINT, 1, "我们保护您的数据" * 70, "我们保护您的数据" * 20),
    Case("all-capitals", HINT, 1, LONG.upper() * 8, f"{LONG.upper() * 3}{LONG * 5}"),
    Case(
        "defined-twice",
        WARNING,
        2,
        "“Service” means the shop and all of its pages.\n“Service” means whatever we deliver "
        "to a customer by post.",
        "“Service” means the shop and all of its pages.\n“Goods” means whatever we "
        "deliver to a customer by post.",
    ),
    # Page furniture.
    Case(
        "cart-text",
        ERROR,
        3,
        "Terms.\n\nYour cart is empty",
        "Terms.\n\nWe delete a cart after 30 days, once your cart is empty or not.",
    ),
    Case(
        "cart-text",
        ERROR,
        2,
        "条款。\n购物车\n购物车是空的",
        "条款。\n购物车 Cookie\n购物车的内容会保留",
    ),
    Case(
        "page-furniture",
        WARNING,
        1,
        "Skip to content\nTerms.",
        "You may skip to content you like.\nTerms.",
    ),
]


def findings_of(text, kind="text", facts=None):
    return lint(read_source(text, kind), facts or Facts())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.fault[:24]}")
def test_fault_is_found_on_its_line_and_a_similar_text_is_left_alone(case):
    found = findings_of(case.fault, case.kind, case.facts)

    assert (case.code, case.severity, case.line) in {
        (each.code, each.severity, each.line) for each in found
    }
    right = findings_of(case.right, case.kind, case.right_facts or case.facts)
    assert case.code not in {each.code for each in right}


def test_every_check_and_every_message_is_in_the_table():
    codes = {case.code for case in CASES}
    named = {check.__module__ for check in CHECKS}

    assert len(named) == 15
    assert len(codes) > 40


def test_dates_of_the_version_are_compared_only_where_they_are_known():
    text = "Last updated: 1 May 2026\nEffective date: 3 May 2026"
    codes = {each.code for each in findings_of(text, facts=VERSION)}

    assert codes >= {"update-date-differs", "effect-date-differs"}
    assert findings_of(text) == []


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_day_of_effect_agrees_in_every_time_zone(hour):
    facts = replace(VERSION, effective_at=datetime(2027, 1, 14, hour, tzinfo=UTC))

    codes = {each.code for each in findings_of("Effective date: 15 January 2027", facts=facts)}
    assert ("effect-date-differs" in codes) is (hour == 0)


COMPLETE = (
    "We, Acme Ltd., use what you send us in order to deliver parcels. The legal basis is the "
    "contract with you. We share addresses with carriers and store them within the "
    "country only. Data is kept "
    "for two years. You can access, correct, export, restrict, erase or object; you may withdraw "
    "consent at any time. Complain to the data protection authority. You are not obliged to give "
    "data, and no automated decisions are made. We answer within 30 days. We announce changes to "
    "this policy here. We set no cookies. Under the GDPR you may write to a@b.example."
)
MISSING = [
    ("missing-legal-basis", "The legal basis is the contract with you."),
    (
        "missing-recipients",
        "We share addresses with carriers and store them within the country only.",
    ),
    ("missing-retention", "Data is kept for two years."),
    ("missing-withdrawal", "; you may withdraw consent at any time"),
    ("missing-authority", "Complain to the data protection authority."),
    ("missing-answer-time", "We answer within 30 days."),
    ("missing-changes", "We announce changes to this policy here."),
    ("missing-cookies", "We set no cookies."),
    ("missing-automated", "and no automated decisions are made"),
    ("missing-erasure", "erase or"),
    ("missing-rectification", "correct,"),
    ("missing-portability", "export,"),
    ("missing-restriction", "restrict,"),
]


def test_complete_privacy_policy_misses_nothing():
    assert [each.code for each in findings_of(COMPLETE, facts=PRIVACY)] == []


@pytest.mark.parametrize(("code", "sentence"), MISSING)
def test_what_a_privacy_policy_leaves_out_is_named(code, sentence):
    text = COMPLETE.replace(sentence, "")
    assert text != COMPLETE

    assert code in {each.code for each in findings_of(text, facts=PRIVACY)}
    waived = replace(PRIVACY, waived=frozenset({code}))
    assert code not in {each.code for each in findings_of(text, facts=waived)}
    assert not [each for each in findings_of(text) if each.code.startswith("missing-")]


def test_law_that_is_out_of_scope_asks_for_nothing():
    text = COMPLETE.replace("The legal basis is the contract with you.", "")
    facts = replace(PRIVACY, scope=frozenset())

    assert "missing-legal-basis" not in {each.code for each in findings_of(text, facts=facts)}
    facts = replace(PRIVACY, scope=frozenset({"ccpa"}))
    assert "missing-opt-out" in {each.code for each in findings_of(text, facts=facts)}


def test_facts_ask_for_what_they_bring_along():
    facts = replace(PRIVACY, has_officer=True, has_sensitive_data=True, has_other_sources=True)
    codes = {each.code for each in findings_of(COMPLETE, facts=facts)}

    assert {"missing-officer", "missing-sensitive", "missing-source"} <= codes


def test_both_sides_of_a_contradiction_are_shown_across_documents():
    text = (
        "# Terms\n\nNew terms take effect upon publication once we change them.\n\n"
        "# Privacy\n\nWe remind you of changes to this policy before they take effect."
    )
    first, second = findings_of(text, "markdown")

    assert (first.line, first.severity, second.line, second.severity) == (3, ERROR, 7, WARNING)
    assert "7" in first.message
    assert "take effect upon publication" in second.message


def test_translation_is_held_against_the_text_that_counts():
    text = "We keep it for 90 days, from 3 March 2026 on. See [the law](https://law.example.org)."
    good = "自2026年3月3日起，我们保存 90 天。参见[法律](https://law.example.org)。"
    lagging = "我们保存 30 天。"
    english, same, other = (read_source(each, "markdown") for each in (text, good, lagging))

    assert list(check_translation(same, english, (3, 3))) == []
    found = list(check_translation(other, english, (2, 3)))
    assert {each.code for each in found} == {"translation-differs"}
    told = " ".join(each.message for each in found)
    assert all(words in told for words in ("2 clauses", "90", "30", "https://law.example.org"))


def test_same_fault_over_and_over_is_told_once_with_its_lines():
    text = "\n\n".join(
        f"See [page {number}](http://a.example.org/{number})." for number in range(4)
    )

    (found,) = findings_of(text, "markdown")

    assert (found.code, found.line) == ("insecure-link", 1)
    assert found.message.endswith("The same on lines 3, 5, 7.")


FRENCH = (
    "Nous nous engageons à protéger vos données. Si vous vous inscrivez, nous conservons votre "
    "adresse pendant trois ans, conformément à l'article 17 du RGPD. Mise à jour le 02/04/2021. "
    "Vous pouvez demander une copie de vos données, ainsi que leur rectification ou leur "
    "effacement, en écrivant à notre délégué à l'adresse indiquée ci-dessous."
)


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "個人情報の取り扱いについて、当社は以下のとおり定めます。利用者の情報は適切に保管します。",
    ],
)
def test_other_languages_are_told_apart_and_left_alone(text):
    assert locale_of(text) == ""
    numbered = "".join(f"{number}. {text}\n" for number in range(1, 5))
    contact = "Contact : dpo@example.org"

    found = findings_of(numbered + contact, "text", Facts(kind="privacy"))
    assert [each for each in found if each.severity != HINT] == []


@pytest.mark.parametrize(
    "text",
    ["8.6.1.a. First part.\n8.6.1.b. Second part.", "- 10 days for tea\n- 3 to 5 days for cups",
     "You agree with Mill B.V. uses of the name Mill."],
)  # fmt: skip
def test_amounts_and_abbreviations_are_no_faults(text):
    assert findings_of(text, "text") == []


def test_findings_are_in_order_and_say_where_and_what_to_do():
    text = "# A\n\nTODO: write.\n\n# B\n\nOwned by “”."
    found = findings_of(text, "markdown")

    assert [(each.line, each.anchor) for each in found] == [(3, "a"), (7, "b")]
    assert all(each.message.endswith(".") and each.excerpt for each in found)


def test_messages_are_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        found = findings_of("Owned by “”.")

    assert isinstance(found[0].message, str)


@pytest.mark.parametrize(
    ("text", "locale"),
    [("We keep it.", "en"), ("我们保存评论。", "zh-hans"), ("", "en"),
     ("We sell 茶 and more tea.", "en"), ("使用 Cookie 和 SDK 的说明，请阅读。", "zh-hans")],
)  # fmt: skip
def test_language_is_guessed(text, locale):
    assert locale_of(text) == locale


# Reading.


def places(source):
    return [(line.number, line.text) for line in source.lines]


def test_markdown_keeps_the_lines_of_the_file():
    text = (
        "\ufeff---\r\ntitle: x\r\n---\r\n# Top {#start}\r\n\r\nOne\r\ntwo <a id='old'></a>\r\n"
        "**th**ree<br>four\r\n\r\n1. five\r\n2. `{{ six }}`\r\n\r\n| a | b |\r\n|---|---|\r\n"
        "| c | [d](#old) |\r\n\r\n<!-- x -->\r\n<div>\r\n<p>seven\r\n<b>eig</b>ht</p>\r\n</div>\r\n"
    )
    source = read_source(text, "markdown")

    assert places(source) == [
        (4, "Top"), (6, "One two three"), (8, "four"), (10, "five"), (11, "`{{ six }}`"),
        (13, "a"), (13, "b"), (15, "c"), (15, "d"), (19, "seven eight"),
    ]  # fmt: skip
    assert source.lines[1].line_at(source.lines[1].text.index("three")) == 8
    assert {"start", "old", "top"} <= source.anchors
    assert [(link.line, link.href) for link in source.links] == [(15, "#old")]
    assert findings_of(text, "markdown") == []


def test_html_keeps_lines_and_leaves_out_what_is_not_shown():
    text = (
        "<!doctype html>\n<head><title>T</title><style>p{}</style></head>\n<body>\n<h2>A</h2>\n"
        "<p>one\n<b>t</b>wo &amp; three<br>four</p><script>x()</script>\n<ol start=3><li>five</ol>"
    )
    source = read_source(text, "html")

    assert places(source) == [(4, "A"), (5, "one two & three"), (6, "four"), (7, "five")]
    assert source.lines[-1].marker == "3."


def test_wrapped_text_is_read_as_paragraphs():
    text = (
        "We keep what you write for as long as your account is open and\n"
        "reserves of ours allow, and we delete it at once when the account\n"
        "is closed, unless a law obliges us to keep what you wrote to the\n"
        "shop for longer than that.\n\nLast line.\n"
    )
    source = read_source(text, "text")

    assert [line.number for line in source.lines] == [1, 6]
    assert source.lines[0].line_at(source.lines[0].text.index("reserves")) == 2
    assert findings_of(text) == []


@pytest.mark.parametrize(
    "text",
    ["## 1. Who\n\nWe are\nwe. See [what](#what).\n\n- one\n- two\n\n## What\n\n1.1 More\n\nx<br>y",
     "Intro\nline\n\n# A\n\n> quoted\n\n- a\n\n  b\n"],
)  # fmt: skip
def test_clauses_have_the_lines_of_their_plain_text(text):
    clauses = make_clauses(read_policy(text, "markdown"))
    lines = to_text(clauses).split("\n")
    source = source_of_clauses(clauses)

    read = [
        lines[number - 1]
        for line in source.lines
        for number in range(line.number, line.number + len(line.breaks) + 1)
    ]
    assert read == [line for line in lines if line]
    assert lint(source, Facts()) == []


def test_links_of_clauses_are_checked_against_their_anchors():
    clauses = make_clauses(read_policy("# Who\n\nSee [a](#who) and\n[b](#gone).", "markdown"))
    found = lint(source_of_clauses(clauses), Facts())

    assert [(each.code, each.line) for each in found] == [("dead-anchor", 2)]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([
        "## 1. One", "(5) five", "“”", "{{ x", "<p>", "</a>", "<a href='#x'>y", "| a | b |",
        "```", "我们保存", "：", "[date]", "\r", "\x0c", "1 May 2026", "E-mail:", "- ", "\u2028",
        "", "|---|",
    ])),
    st.sampled_from(["text", "markdown", "html"]),
)  # fmt: skip
def test_any_text_is_read_and_every_line_is_in_it(parts, kind):
    text = "\n".join(parts)
    last = len(re.split(r"\r\n|\r|\n", text))

    for each in lint(read_source(text, kind), PRIVACY):
        assert 1 <= each.line <= last + 1
        assert each.message


# The command.


def run(capsys, path, **options):
    code = 0
    try:
        call_command("lint_policy", str(path), **options)
    except SystemExit as stopped:
        code = stopped.code
    return code, capsys.readouterr().out


def test_command_prints_one_object(tmp_path, capsys):
    path = tmp_path / "terms.md"
    path.write_text("# Terms\n\nOwned by “”.\n", encoding="utf-8")
    code, out = run(capsys, path, json=True)

    assert code == 1
    (row,) = json.loads(out)["findings"]
    assert set(row) == {"code", "severity", "line", "excerpt", "message"}
    assert (row["code"], row["severity"], row["line"]) == ("empty-quotes", "error", 3)


def test_command_prints_a_line_for_each_finding(tmp_path, capsys):
    path = tmp_path / "terms.txt"
    path.write_text("Terms.\nWe take care of of you.\n", encoding="utf-8")
    code, out = run(capsys, path)

    assert code == 0
    assert re.fullmatch(rf"{re.escape(str(path))}:2 warning doubled-word \S.*\n", out)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b" \n"])
def test_command_says_what_it_cannot_read(tmp_path, content):
    path = tmp_path / "terms.txt"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        call_command("lint_policy", str(path))
    assert caught.value.returncode == 2
