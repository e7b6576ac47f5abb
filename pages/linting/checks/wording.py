"""Words that were lost, doubled, damaged or overtaken by the law."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import HINT, WARNING, Check, Facts, Finding, Source, SourceLine, finding
from pages.linting.labels import label_of
from pages.linting.languages import CHINESE, ENGLISH, any_of, compiled, language_in
from pages.linting.sentences import all_sentences, sentences_of

THIRD_PERSON = (
    r"(?:has|reserves|does not|is not|shall|will|cannot|may|must|makes|undertakes|collects|uses"
    r"|protects|adopts|attaches|respects|provides|takes|accepts|hopes|promises|assumes|keeps|stores"
    r"|processes|shares|guarantees|warrants|disclaims|owns|operates)"
)
BEGINS_WITHOUT = re.compile(
    rf"(?-i:{THIRD_PERSON}) (?!be\b[^.]{{0,20}}\?)(?:not )?(?:the right|great importance|[a-z]+)\b"
)
INTRODUCED = re.compile(
    r"^(?:according to|in order to|based on|for (?:the|all|any|this|these)|otherwise|once"
    r"|if|when|unless|during|after"
    r"|before|under|pursuant to|subject to|except|in accordance with|due to)\b[^,:;]*,"
    rf"\s*(?P<verb>(?-i:has the right|reserves the right"
    rf"|{THIRD_PERSON}\s+(?:not\s+)?(?:have|be|assist|provide|disclose|bear|continue"
    rf"|conduct|take|use)))\b",
    re.IGNORECASE,
)
IF_VERB = re.compile(
    r"\b(?:if|when|where)\s+(?-i:finds|receives|has|suffers|believes|discovers|deems"
    r"|considers|decides|detects|determines|fails|becomes)\b",
    re.IGNORECASE,
)
DANGLING = re.compile(
    r"\b(?:authori[sz]ed|released|provided|owned|operated|offered|developed|published"
    r"|issued|reserved|controlled)"
    r" by(?=\s*(?:[.;:]\s|[.;]?$|\band its\b|\bor its\b))"
    r"|\b(?:of|by|from|with|to|between|on behalf of) (?:and|or) its (?:affiliate|subsidiar"
    r"|supplier|partner|mobile|website|content)\w*"
    r"|\b(?:consent|permission|property|content|liability|affiliates) of(?=\s*(?:[;.]\s"
    r"|,\s(?!and |or |for |to |by |in )|[.;,]?$))"
    r"|\b(?:hereinafter )?referred to as(?=\s*[,;.)])"
)
CHINESE_LOST = re.compile(
    r"(?:^|[。；，])\s*(?:由(?=\s*(?:享有|所有|提供|运营|负责|承担|行使)(?!的))"
    r"|与(?=\s*(?:及其关联|签订))|归(?=\s*所有(?!的)))"
    r"|(?:^|[。；])\s*(?:有权|将不会|不承担|非常重视|尊重并保护|保留)(?=[^。；：:]{2,}[。；])"
    r"|[（(]以下简称[）)]"
)
DOUBLED = re.compile(r"(?<![\w'’-])(?P<w>[A-Za-z]{1,20}) (?P=w)(?![\w'’-])")
RIGHTLY_DOUBLED = {
    "that",
    "had",
    "is",
    "so",
    "very",
    "bye",
    "no",
    "ha",
    "in",
    "her",
    "do",
    "a",
    "i",
}
DOUBLED_HAN = re.compile(
    r"(我们我们|您您|或者或者|以及以及|如果如果|本站本站|因为因为|但是但是|我们的我们的"
    r"|个人信息个人信息)"
)
MIXED_SIGN = re.compile(
    r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]|[。，、；：]{2,}|[\u4e00-\u9fff]\.\s*$"
)
BROKEN = re.compile(
    r"\ufffd|Ã[\x80-\xbf©¨ªÂ¤¶¼±³§]|â€[™œ\x9d“”˜¦\x93\x94]|Â(?=[\s©®·«»°])|&(?:nbsp|amp"
    r"|quot|lt|gt|#\d{2,5});"
    r"|(?<!\*)\*\*(?=[^\s*])[^*]{1,200}\*\*|\]\((?:https?:|/|#|mailto:)|</?(?:p|br|div"
    r"|span|strong|em|li|ul|h[1-6]|a)\b[^<>]*>|锟斤拷|烫烫烫"
)
LAWS = (
    (r"privacy shield|隐私盾", "EU-U.S. Data Privacy Framework"),
    (
        r"(?:US|U\.S\.|EU|Swiss|European)[^.]{0,40}safe harbou?r"
        r"|safe harbou?r[^.]{0,30}(?:principles|framework|certif|transfer)|安全港(?:协议|框架"
        r"|原则)",
        "EU-U.S. Data Privacy Framework",
    ),
    (
        r"ec\.europa\.eu/(?:consumers/odr|odr)|online dispute resolution (?:platform"
        r"|website|\(odr\))|\bodr[ -]platform",
        "",
    ),
    (r"GB/T ?35273[-—–]2017", "GB/T 35273-2020"),
    (r"(?:directive )?95/46(?:/EC)?", "GDPR, Regulation (EU) 2016/679"),
)
KNOWN_AS_OLD = {
    ENGLISH: r"no longer|invalid\w*|former\w*|replac\w*|supersed\w*|repeal\w*|despite|struck"
    r"|abrog\w*|aufheb\w*|aufgehoben|derog\w*"
    r"|discontinu\w*|closed|until|not rel(?:y|ies|ying)|previously",
    CHINESE: r"废止|失效|取代|不再|代替|原",
}


def check_subject(source: Source, facts: Facts) -> Iterator[Finding]:
    """Sentences that lost the name they were about; lists may continue what introduces them."""
    introduced = goes_on = False
    for line in source.prose:
        label, text = label_of(line.text)
        is_item = line.in_list or label is not None or text != line.text
        span = lost_subject(
            line, text,
            may_begin=not (is_item and introduced) and not goes_on and not line.is_heading,
        )  # fmt: skip
        # A paragraph that does not end goes on in the next one, as texts out of a PDF do.
        goes_on = not line.is_heading and line.text.rstrip()[-1:].isalnum() and len(line.text) > 40
        if line.is_heading or not is_item:
            introduced = False
        if line.text.rstrip().endswith((":", "：")):
            introduced = True
        if span is not None and not line.in_table:
            yield finding(
                "missing-subject",
                WARNING,
                line,
                _(
                    "A name seems to have been taken out here: nobody does what "
                    "this sentence says. "
                    "Say who."
                ),
                span,
            )


def lost_subject(line: SourceLine, text: str, *, may_begin: bool) -> tuple[int, int] | None:
    """Return the place of the first sentence that lacks a name, or None."""
    for sentence in sentences_of(line):
        first = sentence.start == 0 or len(line.text) - len(text) >= sentence.start
        words = text[: len(sentence.text)] if first else sentence.text
        offset = len(line.text) - len(text) if first else sentence.start
        before = line.text[:offset].rstrip()
        whole = may_begin if first else before.endswith((".", "。", "!", "?"))
        begun = BEGINS_WITHOUT.match(words)
        if whole and begun and not words.rstrip().endswith("?") and (len(words) > 30 or not first):
            return offset, offset + begun.end()
        for pattern in (INTRODUCED, IF_VERB, DANGLING, CHINESE_LOST):
            found = pattern.search(words)
            if found:
                return offset + found.start(), offset + found.end()
    return None


def check_doubled(source: Source, facts: Facts) -> Iterator[Finding]:
    """The same word twice in a row."""
    # "Nous nous" and "die die" are right.
    if not language_in(source, facts):
        return
    for line in source.prose:
        for found in (*DOUBLED.finditer(line.text), *DOUBLED_HAN.finditer(line.text)):
            word = found.group("w") if "w" in found.groupdict() else ""
            if word and (word.lower() in RIGHTLY_DOUBLED or not word.islower()):
                continue
            yield finding(
                "doubled-word",
                WARNING,
                line,
                _("“%(words)s” stands here twice. Take one away.")
                % {"words": word or found.group()[: len(found.group()) // 2]},
                found.span(),
            )
            break


def check_signs(source: Source, facts: Facts) -> Iterator[Finding]:
    """Half-width signs between Chinese characters, and signs set twice."""
    for line in source.prose:
        if found := MIXED_SIGN.search(line.text):
            yield finding(
                "mixed-punctuation",
                HINT,
                line,
                _("Chinese text takes full-width signs, one at a time. Set them anew."),
                found.span(),
            )


def check_broken(source: Source, facts: Facts) -> Iterator[Finding]:
    """Characters that were read in a wrong encoding, and markup that became visible."""
    for line in source.prose:
        if found := BROKEN.search(
            re.sub(r"`[^`]*`", lambda span: " " * len(span.group()), line.text)
        ):
            yield finding(
                "broken-characters",
                WARNING,
                line,
                _("“%(words)s” is left over from markup or a wrong encoding. Write what was meant.")
                % {"words": found.group()[:40]},
                found.span(),
            )


def check_old_law(source: Source, facts: Facts) -> Iterator[Finding]:
    """Laws and schemes that no longer hold."""
    known_as_old = any_of(KNOWN_AS_OLD)
    laws = [(compiled(pattern), successor) for pattern, successor in LAWS]
    for sentence in all_sentences(source):
        for pattern, successor in laws:
            found = pattern.search(sentence.text)
            if found is None or known_as_old.search(sentence.text):
                continue
            message = (
                _("%(old)s no longer holds; see %(new)s. Name what holds now.")
                % {"old": found.group(), "new": successor}
                if successor
                else _(
                    "The EU's platform for online dispute resolution closed in July 2025. "
                    "Take this out."
                )
            )
            start = sentence.start + found.start()
            span = (start, start + len(found.group()))
            yield finding("outdated-law", WARNING, sentence.line, message, span)
            break


CHECKS: tuple[Check, ...] = (
    check_subject,
    check_doubled,
    check_signs,
    check_broken,
    check_old_law,
)
