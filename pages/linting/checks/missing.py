"""What a privacy policy has to say and does not."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import WARNING, Check, Facts, Finding, Source, finding
from pages.linting.languages import CHINESE, ENGLISH, Words, any_of, count_words, language_in

SHORTEST = 60
LAW_NAMES = {
    "gdpr": r"\bGDPR\b|general data protection regulation|2016/679|通用数据保护条例",
    "pipl": r"personal information protection law|\bPIPL\b|个人信息保护法",
    "ccpa": r"\bCCPA\b|\bCPRA\b|california consumer privacy|加州消费者隐私",
}


@dataclass(frozen=True)
class Item:
    """Something to be said: its code and source, how it is looked for, and when it is needed."""

    code: str
    what: object
    source: str
    words: Words
    needed: Callable[["Text"], bool]


@dataclass(frozen=True)
class Text:
    """The words of the policy and what is known of it."""

    words: str
    facts: Facts

    def falls_under(self, *laws: str) -> bool:
        return not self.laws.isdisjoint(laws)

    @cached_property
    def laws(self) -> frozenset[str]:
        if self.facts.scope is not None:
            return self.facts.scope
        return frozenset(
            law for law, names in LAW_NAMES.items() if re.search(names, self.words, re.IGNORECASE)
        )

    def speaks_of(self, words: Words) -> bool:
        return any_of(words).search(self.words) is not None


def always(text: Text) -> bool:
    return True


def under(*laws: str) -> Callable[[Text], bool]:
    return lambda text: text.falls_under(*laws)


def fact(name: str) -> Callable[[Text], bool]:
    return lambda text: getattr(text.facts, name) is True


def either(*reasons: Callable[[Text], bool]) -> Callable[[Text], bool]:
    return lambda text: any(reason(text) for reason in reasons)


def both(*reasons: Callable[[Text], bool]) -> Callable[[Text], bool]:
    return lambda text: all(reason(text) for reason in reasons)


def if_spoken(english: str, chinese: str) -> Callable[[Text], bool]:
    return lambda text: text.speaks_of({ENGLISH: english, CHINESE: chinese})


ITEMS = (
    Item(
        "missing-purposes",
        _("what personal data is used for"),
        "GDPR 13(1)(c); PIPL 17(1)",
        {
            ENGLISH: r"\bpurposes?\b|\bin order to\b|\bso (?:that )?we (?:can|may)\b"
            r"|\b(?:we )?(?:use"
            r"|need|process|collect)\w* (?:[\w’',-]+ ){0,12}?(?:to|for)\b",
            CHINESE: r"目的|用于|用途|以便|为了|为您提供|以(?:向您)?提供|使用(?:这些|您"
            r"|上述)",
        },
        always,
    ),
    Item(
        "missing-legal-basis",
        _("the legal basis of each purpose"),
        "GDPR 13(1)(c)",
        {
            ENGLISH: r"\b(?:legal|lawful) (?:bas[ei]s|grounds?)|legitimate interests?"
            r"|performance of (?:a|the|our) contract|article 6",
            CHINESE: r"法律(?:依据|基础)|合法(?:性)?基础|合法利益|正当利益|履行合同",
        },
        under("gdpr"),
    ),
    Item(
        "missing-recipients",
        _("who receives personal data, or that nobody does"),
        "GDPR 13(1)(e); PIPL 23",
        {
            ENGLISH: r"\bshar(?:e|es|ed|ing)\b|third[ -]part|recipients?|receives?\b|disclos"
            r"|service providers?|sub-?processors?|partners|vendors|pass(?:ed)? (?:it "
            r"|them )?(?:on|to)|\bsen[dt] to\b|sell",
            CHINESE: r"共享|第三方|接收方|收到|披露|提供给|委托|合作(?:伙伴|方)|对外提供"
            r"|转让",
        },
        always,
    ),
    Item(
        "missing-transfer",
        _("whether personal data leaves the country, and with which safeguard"),
        "GDPR 13(1)(f); PIPL 39",
        {
            ENGLISH: r"standard contractual|adequacy|adequate (?:level|protection)"
            r"|binding corporate"
            r"|transfer\w* (?:[\w’',-]+ ){0,12}(?:countr|outside|abroad|international"
            r"|overseas|to the (?:US|United))|(?:stored?|keep|kept|hosted"
            r"|processed) (?:[\w’',-]+ ){0,6}(?:within|in|inside) |data privacy framework"
            r"|cross-border",
            CHINESE: r"出境|境外|跨境|境内|国外|其他国家",
        },
        either(fact("has_recipients_abroad"), under("gdpr", "pipl")),
    ),
    Item(
        "missing-retention",
        _("how long personal data is kept"),
        "GDPR 13(2)(a); PIPL 17(2)",
        {
            ENGLISH: r"\bret(?:ain|ention)|\b(?:kept|keep|stored?|hold|held|deleted?|erased?"
            r"|remove[ds]?)\b(?:[^.]{0,120})\b(?:days?|weeks?|months?|years?|as long as"
            r"|until|no longer|when|after|once)\b|as long as",
            CHINESE: r"保存(?:期限|时间|最多|至|\s*\d)|存储(?:期限|时间)|保留(?:期限|时间|\s*\d)"
            r"|期限|保存[^。]{0,20}(?:天|日|月|年)|(?:天|日|月|年)(?:之)?后(?:会|将"
            r"|即)?(?:被)?删除|删除或匿名",
        },
        always,
    ),
    Item(
        "missing-access",
        _("the right to see one's data"),
        "GDPR 13(2)(b); PIPL 45",
        {
            ENGLISH: r"\baccess(?:ing)?\b|\b(?:may|can|right to) know\b|\bwhat (?:data "
            r"|information )?we (?:hold|have|know)|\bcopy of|\bview\b|\bsee (?:the|your"
            r"|what)|\brequest (?:your|a|the|information)",
            CHINESE: r"查阅|查询|访问|查看|复制|副本|询问我们持有|知情权",
        },
        always,
    ),
    Item(
        "missing-erasure",
        _("the right to have data erased"),
        "GDPR 13(2)(b); PIPL 47",
        {ENGLISH: r"\beras|\bdelet|\bremov|forgotten", CHINESE: r"删除|抹除|清除|销毁"},
        always,
    ),
    Item(
        "missing-rectification",
        _("the right to have data corrected"),
        "GDPR 13(2)(b); PIPL 46",
        {
            ENGLISH: r"\bcorrect|\brectif|\bupdat\w* (?:your|the|any|it|them)|\bamend|\bchange your"
            r"|\bedit",
            CHINESE: r"更正|修改|补充|纠正",
        },
        always,
    ),
    Item(
        "missing-restriction",
        _("the right to have the use of data restricted"),
        "GDPR 13(2)(b)",
        {
            ENGLISH: r"restrict|\blimit (?:the|our|how|its"
            r"|processing|use)",
            CHINESE: r"限制",
        },
        under("gdpr"),
    ),
    Item(
        "missing-objection",
        _("the right to object"),
        "GDPR 13(2)(b)",
        {ENGLISH: r"\bobject(?:ion|ing)?\b|\bopt[ -]out", CHINESE: r"反对|拒绝"},
        under("gdpr"),
    ),
    Item(
        "missing-portability",
        _("the right to take one's data along"),
        "GDPR 13(2)(b); PIPL 45",
        {
            ENGLISH: r"portab|\bexport|machine[ -]readable"
            r"|\btransfer(?:red)? (?:[\w’']+ ){0,6}(?:another|other) (?:controller|service"
            r"|provider|company|organi)|sent to you|copy of",
            CHINESE: r"可携|转移|导出|副本|复制",
        },
        under("gdpr"),
    ),
    Item(
        "missing-withdrawal",
        _("that consent can be withdrawn, and how"),
        "GDPR 13(2)(c); PIPL 15",
        {
            ENGLISH: r"withdraw|revok|opt[ -]out|unsubscrib|change your mind|turn (?:it|this"
            r"|them) off|take back",
            CHINESE: r"撤回|撤销|取消授权|收回",
        },
        either(
            under("gdpr", "pipl"),
            if_spoken(
                r"\b(?:with|on|upon|based on) your (?:prior |explicit "
                r"|express )?consent\b|\byou (?:have )?(?:given"
                r"|give) (?:us )?(?:your )?consent",
                r"(?<!未)经(?:您|用户)(?:的)?(?:明示|明确|单独)?同意(?:后"
                r"|，)|基于您的(?:授权)?同意",
            ),
        ),
    ),
    Item(
        "missing-complaint",
        _("where to complain"),
        "GDPR 13(2)(d); PIPL 65",
        {
            ENGLISH: r"\bcompla|supervisory authorit|data protection (?:authorit|commission"
            r"|officer)"
            r"|ombuds|\bregulator|information commissioner|\bICO\b|attorney general|dispute"
            r"|contact us|\b(?:questions|concerns)\b",
            CHINESE: r"投诉|举报|监管(?:部门|机构)|网信|争议|联系我们|保护机构",
        },
        always,
    ),
    Item(
        "missing-authority",
        _("the right to complain to a supervisory authority"),
        "GDPR 13(2)(d)",
        {
            ENGLISH: r"supervisory authorit|data protection (?:authorit|commission"
            r"|regulator|agency)"
            r"|information commissioner|\bICO\b|\bCNIL\b|\bregulator|privacy commissioner",
            CHINESE: r"监管(?:部门|机构)|网信|保护机构|主管(?:部门|机关)",
        },
        under("gdpr"),
    ),
    Item(
        "missing-obligation",
        _("whether data has to be given, and what follows if it is not"),
        "GDPR 13(2)(e)",
        {
            ENGLISH: r"required to|\bobliged|obligat|voluntar|\boptional|if you (?:do not|don['’]t"
            r"|choose not to|decline|refuse)|mandatory|without (?:it|this|them|these|your)"
            r"|\bnecessary|need(?:ed)? to",
            CHINESE: r"必须|自愿|如果?您?(?:不|拒绝)|无法(?:使用|提供)|可选|必要"
            r"|选填",
        },
        under("gdpr"),
    ),
    Item(
        "missing-automated",
        _("whether decisions are made by machines alone"),
        "GDPR 13(2)(f); PIPL 24",
        {
            ENGLISH: r"automated|automatic(?:ally)? (?:decision|process)|profil|algorithm"
            r"|personali[sz]",
            CHINESE: r"自动化决策|个性化|画像|算法|定向推送",
        },
        under("gdpr", "pipl"),
    ),
    Item(
        "missing-officer",
        _("how to reach the data protection officer or representative"),
        "GDPR 13(1)(a),(b)",
        {
            ENGLISH: r"data protection officer|\bDPO\b|representative|privacy officer",
            CHINESE: r"保护(?:负责人|官|专员)|代表",
        },
        fact("has_officer"),
    ),
    Item(
        "missing-source",
        _("where data comes from that people did not give themselves"),
        "GDPR 14(2)(f)",
        {
            ENGLISH: r"(?:from|by) (?:[\w’']+ ){0,3}(?:third part|other (?:sources|people|users"
            r"|companies)|partners|public)|sources?",
            CHINESE: r"来源|从第三方|间接(?:获取|收集)|公开渠道",
        },
        fact("has_other_sources"),
    ),
    Item(
        "missing-children",
        _("what holds for children"),
        "PIPL 31; COPPA; GDPR 8",
        {
            ENGLISH: r"\bchild|\bminors?\b|under (?:the age of )?1[3-8]|guardian|parent"
            r"|years? (?:old"
            r"|of age)",
            CHINESE: r"未成年|儿童|十四|14\s*周?岁|监护人",
        },
        under("pipl", "ccpa"),
    ),
    Item(
        "missing-sensitive",
        _("why sensitive data is needed, and separate consent to it"),
        "PIPL 29, 30; GDPR 9",
        {
            ENGLISH: r"sensitive|special categor|separate consent|explicit consent",
            CHINESE: r"敏感|单独同意",
        },
        either(
            fact("has_sensitive_data"),
            if_spoken(
                r"\b(?:biometric|facial recognition|face data|fingerprint data"
                r"|health records|medical records|genetic data)\b",
                r"生物识别|人脸(?:识别|信息)|指纹信息|病历|基因",
            ),
        ),
    ),
    Item(
        "missing-cancellation",
        _("how an account is cancelled"),
        "PIPL 47",
        {
            ENGLISH: r"(?:cancel|clos|delet|deactivat|terminat|eras"
            r"|remov)\w* (?:[\w’']+ ){0,4}accounts?|accounts? (?:[\w’']+ ){0,5}(?:cancel"
            r"|clos|delet|deactivat|terminat|remov|eras)",
            CHINESE: r"注销|删除(?:您的)?账[户号]|关闭账[户号]",
        },
        both(under("pipl"), if_spoken(r"\baccounts?\b", r"账[户号]")),
    ),
    Item(
        "missing-answer-time",
        _("within what time requests are answered"),
        "GDPR 12(3); PIPL 50",
        {
            ENGLISH: r"\bwithin\b[^.]{0,40}\b(?:days?|weeks?|months?|hours?)\b|(?:days?"
            r"|month)[^.]{0,60}(?:repl|respon|answer|request)|(?:repl|respon|answer"
            r"|request)\w*[^.]{0,80}(?:days?|month|promptly|without undue delay|as soon as)",
            CHINESE: r"(?:日|天|小时|工作日|月)(?:之)?内|及时(?:回复|答复"
            r"|处理)",
        },
        under("gdpr", "pipl"),
    ),
    Item(
        "missing-changes",
        _("how people are told of changes"),
        "GDPR 12; PIPL 17",
        {
            ENGLISH: r"\b(?:chang|updat|revis|amend|modif)\w* (?:[\w’',-]+ ){0,10}?(?:polic|notice"
            r"|statement|page|terms|version|it\b|this)|(?:polic|notice|statement"
            r"|version)\w* (?:[\w’',-]+ ){0,10}?(?:chang|updat|revis|amend|modif"
            r"|new version)|(?:every|each|new) version",
            CHINESE: r"(?:变更|更新|修订|修改)[^。]{0,20}(?:政策|声明|版本|指引)|(?:政策"
            r"|声明|指引)[^。]{0,20}(?:变更|更新|修订|修改)|新版本|每个版本",
        },
        always,
    ),
    Item(
        "missing-cookies",
        _("whether cookies are set, which ones and for how long"),
        "GDPR 13; ePrivacy 5(3)",
        {
            ENGLISH: r"\bcookies?\b|local storage"
            r"|similar technolog",
            CHINESE: r"cookie|本地存储|同类技术",
        },
        always,
    ),
    Item(
        "missing-sale",
        _("whether personal data is sold or shared"),
        "CCPA 1798.130",
        {ENGLISH: r"\b(?:sell|sold|sale)\b", CHINESE: r"出售|销售"},
        under("ccpa"),
    ),
    Item(
        "missing-opt-out",
        _("how to opt out of sale and sharing"),
        "CCPA 1798.120",
        {
            ENGLISH: r"\bopt[ -]out|do not sell|global privacy control|\b(?:do|does|have|has"
            r"|will) not (?:and (?:do|will) not )?(?:sell|sold)|never (?:sell|sold)",
            CHINESE: r"选择退出|不会?出售|拒绝出售|全球隐私控制",
        },
        under("ccpa"),
    ),
    Item(
        "missing-retaliation",
        _("that nobody is treated worse for using a right"),
        "CCPA 1798.125",
        {ENGLISH: r"discriminat|retaliat", CHINESE: r"歧视|报复"},
        under("ccpa"),
    ),
)


def check_content(source: Source, facts: Facts) -> Iterator[Finding]:
    """The items that laws ask of a privacy policy; each that the text never speaks of."""
    lines = list(source.prose)
    words = "\n".join(line.text for line in lines)
    if facts.kind != "privacy" or count_words(words) < SHORTEST:
        return
    if not language_in(source, facts):
        return
    text = Text(words, facts)
    for item in ITEMS:
        if item.code in facts.waived or not item.needed(text) or text.speaks_of(item.words):
            continue
        yield finding(
            item.code,
            WARNING,
            lines[0],
            _(
                "The policy does not say %(what)s (%(source)s). Add it, or record why it does not "
                "apply."
            )
            % {"what": item.what, "source": item.source},
        )


CHECKS: tuple[Check, ...] = (check_content,)
