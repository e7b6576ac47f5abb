"""Rules on new versions that cannot both hold, in one document or across those of one file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import ERROR, WARNING, Check, Facts, Finding, Source, finding
from pages.linting.languages import CHINESE, ENGLISH, Words, any_of
from pages.linting.sentences import Sentence, all_sentences

# The subject has to be the text itself: accounts and services end "without notice" as well.
ABOUT_TEXT = {
    ENGLISH: r"\b(?:(?:this|these|our|the|any|such|its|those|updated|revised|modified|amended|new"
    r"|changed)"
    r" (?:[\w-]+ ){0,3}?(?:terms|agreement|polic(?:y|ies)|notice|conditions|rules|content"
    r"|version|statement)"
    r"|(?:chang|modif|amend|revis|updat|alter)\w*)\b",
    CHINESE: r"(?:本|该|此|上述|修改后|更新后|变更后|修订后|新)?(?:的)?(?:协议|条款|政策|规则|声明"
    r"|版本|内容)|变更|修改|修订|更新",
}
# The text as what a sentence speaks of: a service, a price or a programme changes by other rules.
OWN = (
    r"\b(?:(?:this|these|our|the|such|its|any|updated|revised|modified|amended|new|changed)"
    r" (?:[\w'’-]+ ){0,3}?(?:terms|agreement|polic(?:y|ies)|conditions|statement"
    r"|(?:privacy|cookies?|legal) notice|rules)|this notice)\b"
)
CHANGED = r"(?:chang|modif|amend|revis|updat|alter|replac)\w*"
OWN_CHANGES = {
    ENGLISH: rf"\b{CHANGED}\b(?:(?! that | notice)[^.;]){{0,80}}?{OWN}"
    rf"|{OWN} (?:[\w,]+ ){{0,4}}?(?:may|can|will|is|are|shall|might)"
    rf"(?: also| periodically| occasionally| be| been| subject to| from time to time,?)* {CHANGED}"
    rf"|{OWN} {CHANGED}",
    CHINESE: r"(?:修改|变更|更新|修订|调整)[^。；]{0,15}(?:协议|条款|政策|规则|声明|指引)"
    r"|(?:协议|条款|政策|规则|声明|指引)[^。；，]{0,12}(?:修改|变更|更新|修订|调整)",
}
OWN_WORDS = {ENGLISH: OWN, CHINESE: r"协议|条款|政策|规则|声明|指引"}
OTHER_THINGS = {
    ENGLISH: r"\b(?:pric|fee|rate|subscri|terminat|cancel|arbitrat|refund|renew|dispute|billing"
    r"|sub-?processor|servic|product|inventor|program|feature|yield|offering|interrupt"
    r"|software|provider|setting)\w*",
    CHINESE: r"价格|费用|订阅|终止|注销|仲裁|退款|续[费订]|产品|功能",
}
LIMITED = {
    ENGLISH: r"\b(?:material|significant|major|substantial|substantive|adverse)(?:ly)?\b",
    CHINESE: r"重大|重要|实质",
}
CHANGES = {
    ENGLISH: r"\b(?:chang|modif|amend|revis|updat|alter)\w*",
    CHINESE: r"变更|修改|修订|更新|调整",
}
AT_ONCE = {
    ENGLISH: r"\b(?:(?:once|as soon as|when) (?:the |they |it |these |such |any "
    r"|our )?[^.;]{0,80}?(?:published|posted|announced)\b[^.;]{0,60}?\b(?:(?:take"
    r"|come)s? (?:immediate )?(?:effect|into (?:effect|force))|(?:is|are|be"
    r"|become)s? (?:immediately )?(?:effective|binding))"
    r"|(?:effective|takes? effect|binding|comes? into (?:effect|force)) (?:immediately"
    r"|at once|upon (?:posting|publication|being posted)|(?:as soon as|once|when"
    r"|the moment) (?:it is |they are |we )?(?:posted|published|post|publish)"
    r"|on (?:posting|publication))"
    r"|immediately (?:effective|take effect|binding)"
    r"|(?:at any time|from time to time)[^.;]{0,40} without (?:any )?(?:prior |further "
    r"|advance )*(?:notice|notif\w+|consent|informing)"
    r"|without (?:any )?(?:prior |further |advance )*(?:notice|notif\w+"
    r"|informing)[^.;]{0,30} at any time)",
    CHINESE: r"(?:一经(?:[^。；]{0,20}?)(?:公布|发布|公示|张贴|刊登|上传)[^。；]{0,20}?(?:即(?:刻"
    r"|时|行|告|可)?|立即|便|就)?(?:自动)?生效"
    r"|(?:公布|发布|公示)(?:之日|后|时|即)(?:起)?(?:即|立即|即时|即刻)(?:自动)?生效"
    r"|(?:随时|有权)[^。；]{0,30}(?:修改|变更|更新|修订|调整)[^。；]{0,30}(?:无需|不需"
    r"|不再|不另行|恕不|毋须|无须)[^。；]{0,10}(?:通知|告知)"
    r"|(?:无需|不另行|恕不|毋须|无须)[^。；]{0,10}(?:通知|告知)[^。；]{0,30}(?:修改|变更"
    r"|更新|修订)[^。；]{0,10}(?:协议|条款|政策))",
}
BEFORE = {
    ENGLISH: r"\b(?:(?:before|prior to|in advance of) (?:(?:the|these|those|such|any|our|its|they"
    r"|it|this) ?)*(?:[\w-]+ ){0,3}?(?:tak(?:e|es|ing)|com(?:e|es|ing|ed)?|becom(?:e|es"
    r"|ing)|effective|enter(?:s|ing)?) ?(?:effect|effective|into (?:effect|force)|date)?"
    r"|(?:\d{1,3}|[a-z]+) ?(?:\(\d+\) ?)?(?:calendar |business |working )?(?:days?|weeks?"
    r"|months?)(?:['’]s?)? (?:prior |advance |written |in advance )*(?:notice|before"
    r"|in advance)"
    r"|(?:prior|advance) (?:written )?notice (?:of|before|when)|in advance)",
    CHINESE: r"(?:生效(?:日|日期)?(?:之)?前"
    r"|提前\s*[\d一二三五七十]*\s*个?(?:工作)?[日天周月]?[^。；]{0,12}(?:通知|公示|公告"
    r"|告知|提示|提醒|公布)|事先(?:通知|告知))",
}
TELLS = {
    ENGLISH: r"\b(?:notif|notice|remind|inform|announc|tell|told|e-?mail|let you know|publish"
    r"|post)\w*",
    CHINESE: r"通知|公示|公告|告知|提示|提醒|公布|发布",
}
BY_USE = {
    ENGLISH: r"\b(?:(?:continued?|continuing|further|subsequent)(?:ly)? (?:to )?(?:us(?:e|ing)"
    r"|access\w*)[^.;]{0,140}?\b(?:accept\w*|agree\w*|consent\w*|bound|acknowledge\w*)"
    r"|(?:accept\w*|agree\w*|consent\w*|bound)[^.;]{0,80}\bby (?:continuing"
    r"|your continued) ?(?:to )?(?:us|access)\w*)",
    CHINESE: r"继续(?:使用|访问|登录|接受)[^。；]{0,60}(?:视为|即表示|即代表|表示|意味着|表明|代表"
    r"|等同于)[^。；]{0,30}(?:同意|接受|认可|约束)",
}
BY_CONSENT = {
    ENGLISH: r"\b(?:(?:without|unless|until|only with|require\w*|need\w*|seek|obtain"
    r"|ask (?:you )?for|subject to) (?:(?:we|you|have|has|first|your|our|the|to|give"
    r"|given|obtain\w*|get|received?) ?)*(?:express|explicit"
    r"|affirmative)(?:ly)? ?(?:prior )?(?:consent\w*|agree\w*|accept\w*|approv\w*))",
    CHINESE: r"(?:未经|征得|取得|获得|需要|须经|经)(?:您|你|用户)?的?(?:再次)?(?:明确|明示"
    r"|单独)(?:的)?(?:同意|许可|授权)",
}
REDUCES = {
    ENGLISH: r"\b(?:reduc|restrict|limit|lessen|diminish)\w* (?:[\w’']+ ){0,4}?rights?\b",
    CHINESE: r"(?:减少|削减|限制|减损|降低)[^。；]{0,12}(?:权利|权益)|权利",
}
# A rule for some changes only does not contradict a rule for the others.
SOME_ONLY = {
    ENGLISH: r"\b(?:changes? (?:that|which|neither)"
    r"|minor|non-?material|immaterial|not material|insignificant|small|other (?:than"
    r"|changes)|unless|except\w*|emergenc\w*|urgent\w*|required by (?:applicable )?law"
    r"|legal (?:reasons|requirements?|obligation)|security reasons|new (?:features?"
    r"|functions?|services?|users?|customers?)|typo\w*|clarif\w*|administrative"
    r"|where (?:permitted|possible)|extent (?:permitted|possible)"
    r"|as (?:otherwise )?(?:provided|described|set out|stated)|subject to|beta"
    r"|free (?:service|plan)s?|price\w*|fees?|after (?:the|such|this|that|any|those"
    r"|these) (?:[\w-]+ ){0,3}(?:period|notice|days)|(?:materially "
    r"|adversely )?(?:favou?rable|beneficial)|once (?:the|such|these"
    r"|those) (?:[\w-]+ ){0,3}(?:effective|effect|period))\b",
    CHINESE: r"非重大|轻微|除外|除非|另有|紧急|法律(?:法规)?(?:要求|规定)|新(?:增|功能|服务|用户)"
    r"|价格|费用|公示期",
}
NEW_VERSION = re.compile(r"\bnew versions?\b|新版", re.IGNORECASE)

# The sentences that take a right, and those that give it.
Sides = tuple[list[Sentence], list[Sentence]]


@dataclass(frozen=True)
class Rivals:
    """Two families of phrases that contradict each other."""

    name: str
    code: str
    taking: Words
    giving: Words
    giving_also: Words


PAIRS = (
    Rivals("effect", "contradictory-effect", AT_ONCE, BEFORE, TELLS),
    Rivals("consent", "contradictory-consent", BY_USE, BY_CONSENT, REDUCES),
)


def check_versions(source: Source, facts: Facts) -> Iterator[Finding]:
    """Effect at once against notice before it; consent by use against express consent."""
    is_grave = True
    for pair, (taking, giving) in zip(PAIRS, rules_of(source), strict=True):
        if not taking or not giving:
            continue
        # A promise for great changes may be meant as the exception to a rule for all.
        limited = any_of(LIMITED)
        promise = next((each for each in giving if not limited.search(each.text)), None)
        # One error stops publishing; the other lines are shown to be changed along with it.
        for position, each in enumerate(taking):
            severity = ERROR if is_grave and promise and position == 0 else WARNING
            yield told(pair, severity, each, promise or giving[0], is_taking=True)
        yield told(pair, WARNING, promise or giving[0], taking[0], is_taking=False)
        is_grave = is_grave and promise is None


def check_against(source: Source, other: Source, title: str) -> Iterator[Finding]:
    """The same between a text and another policy of the site, which has this title."""
    for pair, ours, theirs in zip(PAIRS, rules_of(source), rules_of(other), strict=True):
        taking, giving = ours
        other_taking, other_giving = theirs
        for here, there in ((taking, other_giving), (giving, other_taking)):
            if here and there:
                words = {"title": title, "words": shortened(there[0].text)}
                message = _(
                    "“%(title)s” says the opposite: “%(words)s”. Keep one of the two rules."
                )
                yield finding(pair.code, WARNING, here[0].line, message % words, here[0].span)


def rules_of(source: Source) -> Sequence[Sides]:
    """Return the sentences on either side of each pair, found once for a source."""
    if "rules" not in source.worked_out:
        sentences = all_sentences(source)
        # Few sentences speak of changes, and only those need be looked at closely.
        changing = [each for each in sentences if speaks_of_changes(each.text)]
        source.worked_out["rules"] = [
            sides(changing, sentences if pair.name == "consent" else changing, pair)
            for pair in PAIRS
        ]
    found: Sequence[Sides] = source.worked_out["rules"]
    return found


def sides(changing: Sequence[Sentence], wider: Sequence[Sentence], pair: Rivals) -> Sides:
    """Return the sentences on either side of a pair, each on one side."""
    giving = [each for each in wider if gives(each, pair)]
    taking = [each for each in changing if takes(each, pair) and each not in giving]
    return taking, giving


def speaks_of_changes(text: str) -> bool:
    return any_of(CHANGES).search(text) is not None or NEW_VERSION.search(text) is not None


def shortened(words: str) -> str:
    return words if len(words) <= 160 else f"{words[:159]}…"


def takes(sentence: Sentence, pair: Rivals) -> bool:
    text = sentence.text
    return (
        any_of(CHANGES).search(text) is not None
        and any_of(ABOUT_TEXT).search(text) is not None
        and any_of(pair.taking).search(text) is not None
        and any_of(SOME_ONLY).search(text) is None
        and (pair.name != "effect" or is_about_text(sentence))
    )


def gives(sentence: Sentence, pair: Rivals) -> bool:
    text = sentence.text
    return (
        any_of(pair.giving_also).search(text) is not None
        and any_of(pair.giving).search(text) is not None
        and any_of(ABOUT_TEXT).search(text) is not None
        and (pair.name != "effect" or is_about_text(sentence))
    )


def is_about_text(sentence: Sentence) -> bool:
    """Tell whether a sentence speaks of changes to the text: by itself, or going on from one."""
    if any_of(OWN_CHANGES).search(sentence.text):
        return True
    before = sentence.line.text[: sentence.start]
    return (
        any_of(OTHER_THINGS).search(sentence.text) is None
        and any_of(OWN_WORDS).search(f"{before} {sentence.text}") is not None
    )


def told(
    pair: Rivals, severity: str, here: Sentence, there: Sentence, *, is_taking: bool
) -> Finding:
    messages = {
        ("effect", True): _(
            "Here a change holds as soon as it is published or without notice; line "
            "%(line)d promises notice before it holds: “%(words)s”. Keep the "
            "promise and take this rule out."
        ),
        ("effect", False): _(
            "Notice before a change holds is promised here; line %(line)d says the "
            "opposite: “%(words)s”. Keep one of the two rules."
        ),
        ("consent", True): _(
            "Here going on using the service counts as agreeing to a change; line "
            "%(line)d promises express consent: “%(words)s”. Keep the promise "
            "and take this rule out."
        ),
        ("consent", False): _(
            "Express consent is promised here; line %(line)d takes use for "
            "consent: “%(words)s”. Keep one of the two rules."
        ),
    }
    return finding(
        pair.code,
        severity,
        here.line,
        messages[pair.name, is_taking] % {"line": there.number, "words": shortened(there.text)},
        here.span,
    )


CHECKS: tuple[Check, ...] = (check_versions,)
