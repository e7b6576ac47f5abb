"""What an author meant to fill in: placeholders, template tags, stock labels, empty places."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

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
from pages.linting.sentences import sentences_of

MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
SLOTS = {
    ENGLISH: (
        r"(?:(?:please )?(?:insert|enter|add|fill in|put|specify|type)\b[^\[\]]{0,60}"
        r"|(?:your |the |our |full |legal |registered |trading )*"
        r"(?:company|business|organi[sz]ation|entity|website|web site|site|app|brand|shop|store"
        r"|service|product|contact|data controller|developer|seller|publisher|dpo)"
        r"(?:['’]s)?(?: (?:legal |full |trading |registered |e-?mail |postal )?"
        r"(?:name|e-?mail|address|url|phone|number|here))*"
        r"|(?:your |the |our )?(?:legal |full |registered |postal |mailing |e-?mail |web |street )?"
        r"(?:name|address|e-?mail|e-?mail address|phone|telephone|phone number|url|website url"
        r"|contact (?:details|information|email|e-mail))"
        r"|(?:effective |publication |last updated |update |start |current )?date"
        r"|dd[/.-]mm[/.-]yyyy|mm[/.-]dd[/.-]yyyy|yyyy-mm-dd|month|day|year|month day,? year"
        r"|(?:your |the )?(?:country|state|jurisdiction|city|county)(?:[ /]+(?:or )?"
        r"(?:country|state|jurisdiction|city|county))*|number of days|x+|\.{5,}|_+|[●•■▪]+"
        r"|tb[cda]|todo|blank|placeholder)"
    ),
    CHINESE: (
        r"(?:请?(?:填写|填入|输入|插入|补充)[^\[\]【】]{0,20}|待(?:补充|填写?|填入|定|确认)"
        r"|(?:贵|本|你的|您的|我们的)?(?:公司|企业|网站|平台|应用|产品|店铺|品牌|app)"
        r"(?:的)?(?:名称|名|全称|网址|域名|地址|邮箱|电话)"
        r"|[x×_＿]+年[x×_＿]+月[x×_＿]+日|[x×_＿●…]+|(?:年月日|某年某月某日))"
    ),
}
# What only the author can fill in; a name, a date or a number may be the reader's, in a form.
AUTHORS = {
    ENGLISH: r"\b(?:company|business|organi[sz]ation|entity|web ?site|app|brand|shop|store|product"
    r"|data controller|developer|seller|publisher|dpo|tb[cda]|todo|blank|placeholder)\b",
    CHINESE: r"公司|企业|网站|平台|应用|产品|店铺|品牌|app|待|填|补充",
}
# Before a bracket: what a policy says of itself and of those behind it.
ABOUT_US = {
    ENGLISH: r"\b(?:(?:contact|reach|write to|e-?mail|call|send (?:it|them|this) to) (?:us|our)?"
    r"|contact (?:person|details)?|effective|updated?|revised|as of|in force|(?:hold|appl)\w* from"
    r"|located (?:at|in)|registered|governed by|laws of|incorporated|within|operated by"
    r"|“?we”?|owned by)\W*(?:[\w'’]+\W+){0,5}$",
    CHINESE: r"(?:生效|更新|联系|发送|邮箱|电话|地址|由|致电|位于|名称)[^。；]{0,12}$",
}
FORM = {
    ENGLISH: r"\b(?:model|sample|standard|withdrawal|cancellation|counter[- ]?notice) "
    r"(?:withdrawal |cancellation )?(?:form|letter|notice)\b|\(\s*\*\s*\)"
    r"|\bdelete (?:as|where|if) (?:appropriate|applicable|necessary)",
    CHINESE: r"(?:撤回|撤销|申请|退货|通知)(?:表|书|函)(?:格式|样本|模板|范本)",
    "de": r"muster-?widerrufsformular|unzutreffendes streichen",
    "fr": r"formulaire (?:type )?de (?:rétractation|retractation)|rayer la mention",
    "es": r"formulario de (?:desistimiento|revocación)|t[aá]chese lo que no proceda",
    "it": r"modulo (?:tipo )?di recesso|cancellare la dicitura",
    "nl": r"modelformulier voor herroeping|doorhalen wat niet",
}
LONGEST_FORM = 14
QUOTED = re.compile(r"“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|「[^「」]*」|(?<![\w])\"[^\"]{1,200}\"(?!\w)")
# "Settings → [App name] → Off" names what the reader sees there.
PATH_SIGN = re.compile(r"[→›»>/]\s*$")
# These stand in brackets as small headings too, so they count only inside a sentence.
WEAK_SLOTS = {
    CHINESE: r"(?:日期|生效日期|更新日期|邮箱|电子邮箱|电话|联系电话|地址|联系地址|网址|姓名|日|月"
    r"|年)"
}
BRACKET = re.compile(r"(?<![\]A-Za-z0-9!])(?:\[([^\[\]]{1,80})\](?![(\[:\w])|【([^【】]{1,40})】)")
DATE_PART = re.compile(
    rf"[\[【]\s*(?:{MONTHS})\s*[\]】](?!\()"
    rf"|(?:\b(?:{MONTHS})\.?\s+)\[\s*\d{{1,2}}(?:st|nd|rd|th)?\s*\],?\s*\[?\s*\d{{4}}"
    r"|[\[【]\s*\d{2,4}\s*[\]】]\s*年|年\s*[\[【]\s*\d{1,2}\s*[\]】]\s*月"
    r"|月\s*[\[【]\s*\d{1,2}\s*[\]】]\s*日"
    rf"|[\[【]\s*(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTHS})"
    rf"|(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?)"
    r",?(?:\s+\d{4})?\s*[\]】](?!\()"
    r"|【\s*\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?\s*】",
    re.IGNORECASE,
)
FILLERS = re.compile(
    r"\blorem ipsum\b|(?<![\w.*@/+-])[Xx]{4,}(?![\w*-]|\.\w)|\bTODO\s*:|\bFIXME\b|(?<!\w)@@\w+@@"
    r"|某某(?=公司|企业|网站|平台|有限|科技|商城|应用|软件|app)"
    r"|[x×_＿]{1,4}\s*年\s*[x×_＿]{1,4}\s*月",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"(?:例如|比如|譬如|如|such as|for example|e\.g\.,?|like)[\s：:“\"'‘]*$", re.I)
DOUBTFUL_FILLERS = re.compile(
    r"(?<![\w.*/+-])(?<!rticle )(?<!hapter )(?<!ection )(?<!itle )XXX(?![\w*-])|\bTODO\b(?!\s*:)"
    r"|\bTB[CD]\b|(?<=\S )_{4,}|(?<=[\u4e00-\u9fff：:])[_＿]{3,}"
)
TEMPLATE_TAG = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\{%[^%]{0,200}%\}|\$\{[^{}]{1,100}\}|<%=?[^%]{0,200}%>"
    r"|(?<![\w%])%\(\w+\)[sd]|(?<![\w%\d])(?<!\d )%[sd](?![\w%])|%%\w+%%"
    r"|\[\[(?!\s*\d+\s*\])[^\[\]]{1,100}\]\](?!\()"
    r"|(?<![\w\]])\[/?[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'"
    r"|[^\s\]]+))+\s*/?\]"
)
# What a reader fills in: a label, and a line to write on.
FORM_LABEL = re.compile(
    r"[:：]\s*$|^\W*(?:signature|signed|date|name|title|place|quantity|address|e-?mail|phone|order\w*"
    r"|received)\b[\w '’/()]{0,20}$",
    re.IGNORECASE,
)
CODE_SPAN = re.compile(r"`[^`]*`")
STOCK_LABELS = {
    ENGLISH: r"(?:suggested|sample|example|placeholder|boilerplate) (?:text|wording)(?=\s*[:：])"
    r"|(?:note|notes|instructions?) (?:to|for) (?:the )?(?:editors?|authors?|site owners?|admins?"
    r"|drafters?|webmasters?)(?=\s*[:：])|\[?drafting note(?=\s*[:：\]])"
    r"|delete this (?:section|paragraph|text) (?:if|before|when)",
    CHINESE: r"(?:推荐|建议|示例|样例|范例|参考)(?:的|使用的)?(?:文本|文字|文案|内容"
    r"|措辞)(?=\s*[:：])"
    r"|(?:编辑|编者|作者|站长|网站管理员)(?:请注意|须知|提示|备注)(?=\s*[:：])"
    r"|(?:起草|填写|撰写)(?:说明|提示)(?=\s*[:：])|請?建議(?:的)?(?:文字|內容)(?=\s*[:：])",
    "de": r"vorgeschlagener text(?=\s*:)",
    "fr": r"texte suggéré(?=\s*:)",
    "es": r"texto sugerido(?=\s*:)",
    "ja": r"提案テキスト(?=\s*[:：])",
}
EMPTY_QUOTES = re.compile(r"“\s*”|「\s*」|『\s*』|‘\s*’|(?<![\w\"':=,({\[])\"\"(?![\w\"])|《\s*》")
SITE_LABEL = {
    ENGLISH: r"(?:(?:our|this|the) )?(?:web ?site|web|site|shop|store)(?:['’]s)? (?:address"
    r"|url)(?: is)? ?[:：]"
    r"|(?:our|this) (?:web ?site|site|shop|store) is ?[:：]|(?:web ?site|url) ?[:：]",
    CHINESE: r"(?:我们|本站|本网站|网站)?的?(?:网站|站点)?(?:网址|网站地址|站点地址|域名)(?:是"
    r"|为)?\s*[:：]"
    r"|(?:我们的|本)(?:网站|站点)(?:网址|地址|域名)?(?:是|为)\s*[:：]?",
}
ENDS_AT_ONCE = re.compile(r"\s*(?:[。；;，,]|\.(?=\s|$)|$)")
IS_ADDRESS = re.compile(r"\w\.\w|https?:|localhost", re.IGNORECASE)


def unmarked(line: SourceLine) -> str:
    """Return a line's text with code spans blanked, every other character in its place."""
    if "`" not in line.text:
        return line.text
    return CODE_SPAN.sub(lambda span: " " * len(span.group()), line.text)


def forms_of(source: Source) -> set[int]:
    """Return the numbers of the lines that belong to a form for readers to fill in."""
    if "forms" not in source.worked_out:
        begins, numbers, left = any_of(FORM), set(), 0
        for line in source.prose:
            left = LONGEST_FORM if begins.search(line.text) else left - 1
            if left > 0:
                numbers.add(line.number)
        source.worked_out["forms"] = numbers
    found: set[int] = source.worked_out["forms"]
    return found


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether a place lies among other words in quotation marks: those are an example."""
    return any(
        quoted.start() < start and end < quoted.end() and len(quoted[0]) > end - start + 4
        for quoted in QUOTED.finditer(text)
    )


def check_slots(source: Source, facts: Facts) -> Iterator[Finding]:
    """Brackets that hold the name of what should stand there."""
    slots, weak = any_of(SLOTS), any_of(WEAK_SLOTS)
    authors, about_us, forms = any_of(AUTHORS), any_of(ABOUT_US), forms_of(source)
    linked = {(link.line, link.text) for link in source.links if link.href not in {"", "#"}}
    for line in source.prose:
        text = unmarked(line)
        for bracket in BRACKET.finditer(text):
            words = (bracket.group(1) or bracket.group(2)).strip()
            number = line.line_at(bracket.start())
            if (number, bracket.group()) in linked or (number, bracket.group()[1:-1]) in linked:
                continue
            inside = bracket.start() > 0 and bracket.group().startswith("【")
            if not (slots.fullmatch(words) or (inside and weak.fullmatch(words))):
                continue
            before = text[: bracket.start()]
            if is_quoted(text, *bracket.span()) or PATH_SIGN.search(before):
                continue
            if line.number in forms:
                continue
            is_ours = authors.search(words) or about_us.search(before)
            yield finding(
                "placeholder",
                ERROR if is_ours else WARNING,
                line,
                _(
                    "The placeholder %(words)s was never filled in. Put in what it stands for, "
                    "or take it out."
                )
                % {"words": bracket.group()},
                bracket.span(),
            )
            break


def check_bracketed_dates(source: Source, facts: Facts) -> Iterator[Finding]:
    """Dates that still stand in the brackets of a template."""
    for line in source.prose:
        if date := DATE_PART.search(unmarked(line)):
            yield finding(
                "bracketed-date",
                ERROR,
                line,
                _(
                    "A date still stands in the brackets of a template. Check the "
                    "date and take the "
                    "brackets away."
                ),
                date.span(),
            )


def check_fillers(source: Source, facts: Facts) -> Iterator[Finding]:
    """Runs of X, dummy words and notes to oneself."""
    knows_words, forms = bool(language_in(source, facts)), forms_of(source)
    for line in source.prose:
        text = unmarked(line)
        for pattern, severity in ((FILLERS, ERROR), (DOUBTFUL_FILLERS, WARNING)):
            found = pattern.search(text)
            if found is None or EXAMPLE.search(text[: found.start()]):
                continue
            if is_quoted(text, *found.span()) or (
                found.group().startswith(("_", "＿"))
                and (line.number in forms or FORM_LABEL.search(text[: found.start()]))
            ):
                continue
            if not knows_words and found.group().startswith("TODO"):
                continue
            yield finding(
                "filler",
                severity,
                line,
                _(
                    "“%(words)s” looks like a stand-in for words to come. Write them, or take it "
                    "out."
                )
                % {"words": found.group()},
                found.span(),
            )
            break


def check_template_tags(source: Source, facts: Facts) -> Iterator[Finding]:
    """Tags of a template engine or a plugin that nothing has filled."""
    for line in source.prose:
        for tag in TEMPLATE_TAG.finditer(unmarked(line)):
            yield finding(
                "template-tag",
                ERROR,
                line,
                _("The template tag %(tag)s reached the text. Put in the value it stands for.")
                % {"tag": tag.group()},
                tag.span(),
            )
            break


def check_stock_labels(source: Source, facts: Facts) -> Iterator[Finding]:
    """Labels of a guide for authors that were copied along with its text."""
    labels = any_of(STOCK_LABELS)
    for line in source.prose:
        if label := labels.search(unmarked(line)):
            yield finding(
                "stock-label",
                ERROR,
                line,
                _(
                    "“%(label)s” is a note to the author of a policy. Take the "
                    "label out, and check "
                    "that the text behind it is true for this site."
                )
                % {"label": label.group()},
                label.span(),
            )


def check_empty_quotes(source: Source, facts: Facts) -> Iterator[Finding]:
    """Quotation marks around nothing, where a name was."""
    for line in source.prose:
        if quotes := EMPTY_QUOTES.search(unmarked(line)):
            yield finding(
                "empty-quotes",
                ERROR,
                line,
                _(
                    "Nothing stands between these quotation marks. Put the name "
                    "back that was here, "
                    "or take the marks out."
                ),
                quotes.span(),
            )


def check_site_address(source: Source, facts: Facts) -> Iterator[Finding]:
    """A sentence that announces the site's address and then ends."""
    label, lines = any_of(SITE_LABEL), list(source.prose)
    for position, line in enumerate(lines):
        if line.is_heading or line.in_table:
            continue
        for sentence in sentences_of(line):
            found = label.match(sentence.text)
            rest = line.text[sentence.start + found.end() :] if found else "-"
            if found is None or not ENDS_AT_ONCE.match(rest):
                continue
            is_closed = found.group().endswith((":", "：")) or bool(rest.strip())
            following = lines[position + 1].text if position + 1 < len(lines) else ""
            if is_closed and (rest.strip() or not IS_ADDRESS.search(following)):
                yield finding(
                    "empty-site-address",
                    ERROR,
                    line,
                    _(
                        "The site's address is announced and not given. Write the "
                        "address, beginning "
                        "with https://."
                    ),
                    (sentence.start, sentence.start + found.end()),
                )
                break


CHECKS: tuple[Check, ...] = (
    check_slots,
    check_bracketed_dates,
    check_fillers,
    check_template_tags,
    check_stock_labels,
    check_empty_quotes,
    check_site_address,
)
