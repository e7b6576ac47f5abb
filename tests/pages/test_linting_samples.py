"""The linter on whole policies: the demo's own, a real shop's page, and texts it has not seen."""

import json
from typing import NamedTuple

import pytest

from cms.demo.load import CONTENT
from cms.demo.markdown import read_document
from pages.clauses import make_clauses
from pages.facts import fill
from pages.importing import kind_of, read_policy
from pages.linting import ERROR, HINT, Facts, lint, locale_of, read_source, source_of_clauses


class Policy(NamedTuple):
    name: str
    kind: str
    locale: str
    form: str
    text: str


# Written for this test, each in another manner, full of what looks like a fault and is none.
POLICIES = [
    Policy("studio", "privacy", "en", "markdown", """\
---
title: Privacy at Harrow Lane Studio
date: 2025-03-01
---

# Privacy at Harrow Lane Studio {#top}

*Last updated: 1 March 2025. Effective date: 1 April 2025.*

1. [Who we are](#who-we-are)
2. [What we keep](#what-we-keep-and-why)
3. [Your rights](#rights)

## Who we are

Harrow Lane Studio Ltd (“the Studio”, “we”) teaches printing in Leeds. Write to
[hello@harrowlane.example](mailto:hello@harrowlane.example) or call +44 113 496 0123. The Studio, as
controller, has the right and the duty to decide what is kept.

## What we keep, and why

We use your name and address to send the class you booked; the legal basis is our contract with you
(Article 6(1)(b) GDPR). Bookings are kept for six years because tax law asks for it.[^1] Nothing is
shared with third parties except our payment provider, and nothing leaves the United Kingdom, where
it is stored within the country. Giving us your address is voluntary for visits, required for post.

We set one cookie, `{{ session }}` in our own notation, until you close the browser.

## Your rights {#rights}

Under the UK GDPR you may see, correct, export, restrict or erase your data, object to its use, and
withdraw consent at any time. We answer within one month. You may complain to the Information
Commissioner. No decision here is automated.

## Changes

When this policy changes, we tell you by e-mail 30 days before the change takes effect.

[^1]: See the Finance Act; section 12 of that Act says more.
"""),
    Policy("service", "terms", "en", "text", """\
TERMS OF SERVICE

Effective Date: January 15, 2024

1. ACCEPTANCE
These Terms are a contract between you and Larkspur Software, Inc. ("Larkspur", "we", "us"). By
using the Service you agree to them.

2. YOUR ACCOUNT
2.1 You must be at least 16 years old.
2.2 You are responsible for what happens under your account, unless the law says otherwise.
2.3 You may close it at any time, as described in Section 5.

3. WHAT YOU MAY NOT DO
You will not:
(a) break the law;
(b) resell the Service;
(c) probe our systems, except under our disclosure program.

4. CHANGES TO THESE TERMS
4.1 We will give you at least 30 days' notice by email before changes to these Terms take effect.
4.2 If you continue to use the Service after the notice period, you accept the new Terms; if you do
not agree, close your account before then and we refund what you paid in advance.
4.3 Changes required by law may take effect immediately.

5. ENDING
We may suspend an account immediately and without prior notice where it harms others. Sections 3, 6
and 7 survive.

6. LIABILITY
To the extent permitted by 15 U.S.C. section 45 and other law, Larkspur is liable only for what it
could foresee. In no event shall either party be liable for lost profits.

7. CONTACT
Larkspur Software, Inc., 400 Mill Road, Suite 12, Albany. Email: legal@larkspur.example.
"""),
    Policy("app", "privacy", "zh-hans", "markdown", """\
# 青禾阅读隐私政策

**更新日期：2025年3月1日　生效日期：2025年4月1日**

【特别提示】请您在使用前仔细阅读本政策，尤其是以粗体标出的内容。

## 一、我们如何收集和使用个人信息

杭州青禾信息技术有限公司（以下简称“我们”）依照《中华人民共和国个人信息保护法》第十七条处理您的个人信息，目的是为您提供阅读服务。

（一）注册账号：我们收集您的手机号，用于创建账号。

（二）阅读记录：用于在多台设备之间同步进度。您可以拒绝提供，拒绝后无法同步。

（三）个性化推荐：您可以随时在“我的—设置”中关闭。

## 二、我们如何共享

除支付机构外，我们不向第三方共享您的个人信息。所有信息存储于中国境内。

## 三、保存期限

您注销账号后，我们会在15天内删除您的个人信息；法律另有规定的除外。

## 四、您的权利

您可以查阅、复制、更正、删除您的个人信息，撤回同意，或者转移您的信息。我们将在15个工作日内答复。您也可以向网信部门投诉。

## 五、未成年人

未满十四周岁的儿童须经监护人同意。我们不收集生物识别等敏感个人信息。

## 六、Cookie

我们仅使用一个登录 Cookie，有效期30天。

## 七、本政策的变更

未经您的明确同意，我们不会减少您依照本政策享有的权利。重大变更会在生效前30日以站内信通知您。

## 八、联系我们

电子邮箱：[privacy@qinghe.example](mailto:privacy@qinghe.example)；地址：杭州市西湖区文三路 8 号。
"""),
    Policy("agreement", "terms", "zh-hans", "text", """\
用户服务协议

生效日期：2024年6月18日

第一章 总则
第一条 本协议由您与成都云杉网络科技有限公司（以下简称“云杉”）订立。
第二条 您应当年满18周岁，或已取得监护人的同意。

第二章 账号
第三条 您应当妥善保管账号和密码，对账号下的行为负责。
第四条 有下列情形之一的，云杉有权暂停账号，且无需事先通知：
（一）发布违法信息的；
（二）干扰网站正常运行的；
（三）依照《中华人民共和国网络安全法》第四十七条应当停止传输的。
第五条 您可以随时注销账号，办法见本协议第八条。

第三章 变更与其他
第六条 本协议变更的，云杉应当提前十五日在网站公告，公告期满后生效。
第七条 您不同意变更的，可以在生效前注销账号；您在生效后继续使用服务的，视为同意。
第八条 注销账号请发送邮件至 service@yunshan.example，云杉在7个工作日内办理。
"""),
    Policy("cookies", "cookies", "en", "html", """\
<!DOCTYPE html>
<html><head><title>Cookies</title><style>.x { color: red }</style></head>
<body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>
<h1>Cookie policy</h1>
<p>Last updated: <time datetime="2025-02-03">3 February 2025</time></p>
<h2 id="what">What we set</h2>
<table>
<tr><th>Name</th><th>Purpose</th><th>Lifetime</th></tr>
<tr><td>cart_id</td><td>Your cart; gone once your cart is empty</td><td>30 days</td></tr>
<tr><td>consent</td><td>Your answer</td><td>6 months</td></tr>
</table>
<h2>Your choice</h2>
<p>When you click “Accept all”, we also set what <a href="#what">the table above</a> lists.
You can change your mind at any time in your browser's settings.</p>
<p>Questions? <a href="mailto:web@brook.example">web@brook.example</a></p>
<script>track("{{ id }}")</script>
</body></html>
"""),
    Policy("california", "privacy", "en", "text", """\
Privacy Notice

Last Updated: October 12, 2025

A. Information We Collect

We collect information you give us (name, e-mail, order history) and information from your device
(such as the IP address, in the form 192.0.2.xxx). We use it to fill orders, prevent fraud and
answer questions. We retain it for as long as you have an account and two years after that.

B. Sharing

We disclose order data to carriers and payment processors. We do not sell personal information and
we have not sold it in the past twelve months. We honor the Global Privacy Control.

C. Your California Rights

Under the California Consumer Privacy Act (Cal. Civ. Code section 1798.100) you may know, delete and
correct your information, opt out of sale, and limit the use of sensitive information. We will not
discriminate or retaliate against you. You must be at least 18 to order.

D. Children

We do not knowingly collect information from children under 13.

E. Cookies

We use cookies to keep you signed in. To close your account, visit the account page.

F. Changes and Contact

If we change this notice, we will post the new version here and email you before it takes effect.
Contact: Poppy & Sons LLC, 12 Orchard Street, Fresno. Phone: (559) 555-0134.
"""),
    Policy("transaction", "transaction", "en", "text", """\
GENERAL CONDITIONS OF SALE

These conditions apply to every sale between the customer (hereinafter referred to as the "Buyer")
and Weaver & Holt GmbH, and the Buyer, by placing an order, accepts the conditions in the version in
force on that day.

Art. 1 Offers
Our offers bind nobody until we confirm an order. Prices, unless otherwise agreed, include tax.

Art. 2 Delivery
Delivery takes 2.5 working days on average. Where we cannot deliver, we say so within 3 days and
refund what was paid.

Art. 3 Right of withdrawal
You may withdraw within 14 days without giving a reason. The form below may be used:
- I hereby withdraw from my contract for the following goods (*)
- Ordered on (*) / received on (*)
- Name and address of the consumer
(*) Delete as appropriate.

Art. 4 Retention of title
The goods remain the property of Weaver & Holt GmbH, its successors or assigns until paid for.
"""),
    Policy("cancellation", "account-cancellation", "zh-hans", "text", """\
账号注销须知

在您申请注销之前，请确认：
1. 账号内没有未完成的订单；
2. 账号内的余额已经提取；
3. 账号没有正在处理的投诉。

注销之后：
1. 您将无法再登录该账号；
2. 我们会在 30 天内删除您的个人信息，法律要求保存的除外；
3. 账号一经注销，无法恢复。

如有疑问，请致电客服热线 400-820-1234（周一至周五 9:00—18:00）。
"""),
    Policy("comments", "comments", "en", "markdown", """\
# Comment rules

**Be kind.** We hold, hide or delete what:

* insults people,
* advertises, or
* breaks the law.

> “I said that that was enough,” wrote one reader; we agree.

## How we decide

1) A rule looks for spam.
2) One of us reads what it holds.
3) We say why if you ask.

Use `[b]bold[/b]` or `{% raw %}` in code blocks only:

```
{{ your.code }} [Your Name] TODO: here
```

<details><summary>Editing</summary>
You may edit for 15 minutes.
</details>

See our [privacy policy](/privacy/) for what we keep, or write to mods@field.example.
"""),
    Policy("association", "other", "en", "html", """\
<h2>Statutes</h2>
<p><b>1. Name.</b> The association is called "Friends of the Mill" ("the Friends").</p>
<p><b>2. Members.</b> If a member, despite two reminders, fails to pay, the board has the right to
end the membership. For details see clause 3.</p>
<p><b>3. Board.</b> The board is made up of:</p>
<ol type="a"><li>the chair;</li><li>the treasurer;</li><li>the secretary.</li></ol>
<p><b>4. Data.</b> What the board may pass on, and to whom it may do so, members decide. The terms
“Member” and “Friend” mean the same.</p>
<p>Adopted on Saturday, 3 May 2025; amended on 17/05/2025.<br>Signed: the board</p>
"""),
    Policy("germany", "privacy", "de", "markdown", """\
## Datenschutz

Verantwortlich ist die Buchhandlung Lindner e. K., Marktplatz 3, Jena; E-Mail:
[post@lindner.example](mailto:post@lindner.example).

Die die Bestellung betreffenden Daten löschen wir nach 10 Jahren (§ 147 AO, Art. 6 Abs. 1
lit. c DSGVO).

Stand: 04.03.2025
"""),
]  # fmt: skip

DEMO = sorted((CONTENT / "policies").rglob("*.md"))


def graver_than_hints(found):
    return [(each.code, each.line, each.excerpt) for each in found if each.severity != HINT]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_demo_policies_are_without_fault(path):
    text = fill(path.read_text(encoding="utf-8"), is_html=False).words
    locale = path.name.split(".")[1]
    document = read_document(path)
    facts = Facts(
        kind=path.parent.name, locale=locale, updated_on=document.facts["updated_on"],
        effective_at=document.facts["effective_at"],
    )  # fmt: skip

    assert locale_of(text) == locale
    assert graver_than_hints(lint(read_source(text, "markdown"), facts)) == []
    clauses = make_clauses(read_policy(fill(document.text, is_html=False).words, "markdown"))
    assert graver_than_hints(lint(source_of_clauses(clauses), facts)) == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_texts_without_fault_stay_without_findings(policy):
    facts = Facts(kind=policy.kind, locale=policy.locale)

    assert graver_than_hints(lint(read_source(policy.text, policy.form), facts)) == []
    # An import keeps neither anchors of its source nor code.
    if "`" not in policy.text and "id=" not in policy.text:
        clauses = make_clauses(read_policy(policy.text, policy.form))
        assert graver_than_hints(lint(source_of_clauses(clauses), facts)) == []


@pytest.fixture(scope="module")
def seed(samples):
    folder = samples / "seed"
    facts = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    return facts, (folder / facts["file"]).read_bytes().decode("utf-8")


# Every fault of the page that research names, with the lines on which an editor would look.
GOLDEN = {
    "empty-site-address": {5},
    "empty-quotes": {8},
    "stock-label": {182, 190, 196, 255, 259, 262},
    "bracketed-date": {247},
    "empty-contact": {242},
    "cart-text": {264, 265, 266},
    "numbering-jump": {154, 199, 213},
    "numbering-back": {156},
    "contradictory-effect": {9, 230},
    "contradictory-consent": {9, 230, 239},
}
# Sentences without a subject stand on many lines; these must be among those found.
NAMELESS = {8, 9, 15, 34, 35, 40, 41, 76, 77, 78, 84, 85, 88, 89, 98, 105, 222}


@pytest.mark.samples
def test_real_page_has_every_fault_on_its_line(seed):
    facts, text = seed
    found = lint(read_source(text, kind_of(facts["file"])), Facts(locale=locale_of(text)))
    lines = {}
    for each in found:
        lines.setdefault(each.code, set()).add(each.line)

    nameless = lines.pop("missing-subject")
    hints = {each.code for each in found if each.severity == HINT}
    assert {code: where for code, where in lines.items() if code not in hints} == GOLDEN
    assert nameless >= NAMELESS
    errors = {each.code for each in found if each.severity == ERROR}
    assert errors == {
        "empty-site-address", "empty-quotes", "stock-label", "bracketed-date", "empty-contact",
        "cart-text", "contradictory-effect",
    }  # fmt: skip


@pytest.mark.samples
def test_real_documents_are_judged_one_by_one(seed):
    facts, text = seed
    codes = {}
    for document in facts["documents"]:
        part = text[document["start"] : document["end"]]
        found = lint(read_source(part, "text"), Facts(kind=document["kind"]))
        codes[document["kind"]] = {each.code for each in found}

    assert "empty-quotes" in codes["terms"]
    assert {"stock-label", "bracketed-date", "empty-contact"} <= codes["privacy"]
    # The rules of the agreement and the promise of the policy stand in different documents.
    assert not [code for code in codes["terms"] if code.startswith("contradictory")]
