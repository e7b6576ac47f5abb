"""Pieces of a page that were copied into the text of a policy."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import (
    ERROR,
    WARNING,
    Check,
    Facts,
    Finding,
    Source,
    finding,
)
from pages.linting.labels import label_of
from pages.linting.languages import CHINESE, ENGLISH, any_of, count_words

EMPTY_CART = {
    ENGLISH: r"\b(?:your|the) (?:shopping |mini )?(?:cart|basket|bag|trolley) is (?:currently |now "
    r"|still )?empty"
    r"|no products in (?:the|your) (?:cart|basket)",
    CHINESE: r"(?:购物车|购物袋|购物篮)(?:里|中|内)?(?:还|目前|当前|现在)?(?:是|为)?空(?:的"
    r"|空如也)?"
    r"|購物車(?:內|中)?(?:是|沒有)",
}
CART_PARTS = {
    ENGLISH: r"(?:(?:your |shopping |view |my |mini |close |open )*(?:cart|basket|bag)(?: \(\d+\))?"
    r"|(?:return|back|go) to (?:the )?shop|continue shopping|(?:proceed to )?checkout"
    r"|sub-?total:?.*)",
    CHINESE: r"(?:我的|您的|查看)?购物(?:车|袋|篮)|返回(?:商店|商城)|继续购物|去?结[算账]",
}
PAGE_PARTS = {
    ENGLISH: r"(?:skip to (?:main |the )*(?:content|navigation|footer)|add to (?:cart|basket|bag)"
    r"|(?:share|tweet|pin)(?: this)?(?: (?:on|with|via) (?:facebook|twitter|x|linkedin"
    r"|whatsapp|pinterest|e-?mail))"
    r"|click to share on \w+.*|accept (?:all )?cookies|(?:toggle|open|close|main"
    r"|hamburger) (?:navigation|menu)"
    r"|leave a (?:reply|comment)|log ?in / register|back to top|scroll to top"
    r"|all rights reserved\.?"
    r"|(?:previous|next) post:?|powered by \w+|(?:subscribe|sign up) to our newsletter!?"
    r"|add to wishlist)",
    CHINESE: r"(?:跳(?:转)?[至到](?:主要?)?(?:内容|正文|导航)|加入购物车|分享[到至](?:微信|微博"
    r"|朋友圈|qq|facebook).*"
    r"|(?:接受|同意)(?:所有|全部)\s*cookies?|(?:打开|关闭|切换)(?:导航|菜单)|返回顶部"
    r"|回到顶部|发表评论|发表回复"
    r"|登录\s*/\s*注册|上一篇[:：]?.{0,20}|下一篇[:：]?.{0,20})",
}
LONGEST_PART = 12
NEAR = 3


def check_cart(source: Source, facts: Facts) -> Iterator[Finding]:
    """The text of a shop's cart, found by its line for an empty cart."""
    lines = list(source.prose)
    empty, part = any_of(EMPTY_CART), any_of(CART_PARTS)
    cores = [
        position
        for position, line in enumerate(lines)
        if not line.in_table
        and count_words(line.text) <= LONGEST_PART
        and empty.match(label_of(line.text)[1])
    ]
    near = {
        position
        for core in cores
        for position in range(max(0, core - NEAR), min(len(lines), core + NEAR + 1))
        if part.fullmatch(lines[position].text)
    }
    for position in sorted(near | set(cores)):
        yield finding(
            "cart-text",
            ERROR,
            lines[position],
            _("The shop's cart got into the text of the policy. Take these words out."),
        )


def check_page_parts(source: Source, facts: Facts) -> Iterator[Finding]:
    """Menus, share buttons and banners, which stand on lines of their own."""
    part = any_of(PAGE_PARTS)
    for line in source.prose:
        if not line.in_table and part.fullmatch(line.text.strip()):
            yield finding(
                "page-furniture",
                WARNING,
                line,
                _("“%(words)s” belongs to the page around the policy. Take it out of the text.")
                % {"words": line.text},
            )


CHECKS: tuple[Check, ...] = (check_cart, check_page_parts)
