import json
import textwrap

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pages.clauses import make_clauses, to_text
from pages.errors import PolicyImportError
from pages.importing import read_policy
from pages.models import PolicyVersion


def text_of(source, kind):
    return to_text(make_clauses(read_policy(source, kind)))


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"],
                  exclude_characters="\ufeff"),
    min_size=1, max_size=12,
)  # fmt: skip
numbering = st.sampled_from(
    ["", "1.", "1.1", "(2)", "（三）", "一、", "第四条", "•", "五.", "六", "- ", "a)", "Section 3"]
)
ends = st.sampled_from(["", ".", "。", "；", ":", "：", "，"])
lines = st.builds(
    lambda indent, number, parts, end: f"{indent}{number} {' '.join(parts)}{end}",
    st.sampled_from(["", "    ", "\t", "　　", " \u00a0"]), numbering,
    st.lists(words, max_size=12), ends,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(lines, st.just("")), max_size=25))
def test_no_word_of_a_plain_text_is_lost_or_moved(document):
    source = "\n".join(document)

    assert text_of(source, "text").split() == source.split()


plain = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=10
)
sentences = st.lists(plain, min_size=1, max_size=10).map(" ".join)
html_blocks = st.one_of(
    st.builds(lambda text: f"<h2>{text}</h2>", sentences),
    st.builds(lambda text: f"<p>{text} <b>{text}</b></p>", sentences),
    st.builds(lambda a, b: f"<ul><li>{a}</li><li>{b}<ol><li>{a}</li></ol></li></ul>",
              sentences, sentences),
    st.builds(lambda a, b: f"<div>{a}<div>{b}</div>{a}</div>", sentences, sentences),
    st.builds(lambda a, b: f"<table><tr><td>{a}</td><td>{b}</td></tr></table>", sentences,
              sentences),
    st.builds(lambda a, b: f"{a}<br>{b}", sentences, sentences),
    st.builds(lambda a: f"<section><h3>{a}</h3>{a}</section>", sentences),
    st.builds(lambda a, b: f'<a href="/x"><div>{a}</div><div>{b}</div></a>', sentences, sentences),
    st.builds(lambda a, b: f"<ul><li><div>{a}</div><div>{b}</div></li></ul>", sentences, sentences),
    st.builds(lambda a: f"<p>\n  <b>{a}</b>\n</p>", sentences),
    st.builds(lambda a, b: f"<p>\n 1. {a}<br>\n<br>2. {b}</p>", sentences, sentences),
    st.builds(lambda a, b: f"<b>{a}<p>{b}</p></b>", sentences, sentences),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(html_blocks, min_size=1, max_size=10))
def test_no_word_of_an_html_page_is_lost_or_moved(blocks):
    source = "\n".join(blocks)
    spaced = source.replace("<", " <").replace(">", "> ")
    expected = " ".join(part.rpartition(">")[2] for part in spaced.split("<")).split()

    assert text_of(source, "html").split() == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=12), st.integers(30, 90))
def test_no_word_of_a_wrapped_text_is_lost_or_moved(paragraphs, width):
    source = "\n\n".join(textwrap.fill(each, width, break_long_words=False)
                         for each in paragraphs)  # fmt: skip

    # A text in Chinese may lose the line end within a paragraph, and no sign.
    assert "".join(text_of(source, "text").split()) == "".join(source.split())


markdown_blocks = st.one_of(
    st.builds(lambda a: f"## {a}", sentences), sentences,
    st.builds(lambda a: f"**{a}**", sentences),
    st.builds(lambda a, b: f"- {a}\n- {b}\n\n  {a}", sentences, sentences),
    st.builds(lambda a, b: f"3. {a}\n4. {b}", sentences, sentences),
    st.builds(lambda a, b: f"| {a} | {b} |\n|---|---|\n| {b} | {a} |", sentences, sentences),
    st.builds(lambda a: f"> {a}", sentences),
    st.builds(lambda a: f"```\n{a}\n```", sentences),
)  # fmt: skip


def words_of_markdown(source):
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for token in parser.parse(source):
        if token.type in {"fence", "code_block"}:
            yield from token.content.split()
        for child in token.children or ():
            yield from child.content.split()


@settings(max_examples=100, deadline=None)
@given(st.lists(markdown_blocks, min_size=1, max_size=10))
def test_no_word_of_markdown_is_lost_or_moved(blocks):
    source = "\n\n".join(blocks)

    assert text_of(source, "markdown").split() == list(words_of_markdown(source))


def outline(source, kind):
    return [(part["level"], part["label"].strip(), part["heading"])
            for part in read_policy(source, kind)]  # fmt: skip


WRAPPED = """\
1. YOUR ACCOUNT
1.1 You are responsible for what happens under your account, unless the law
says otherwise.
1.2 You may close it at any time, and we then delete what we know of you, as
far as no law obliges us to keep it.

2. CONTACT
Write to us at any time. Whoever writes to us gets an answer, and a copy of
what we hold goes with it.
Larkspur Ltd.
12 Mill Road
"""


def test_wrapped_lines_are_one_paragraph_and_short_ones_stay():
    parts = read_policy(WRAPPED, "text")

    assert outline(WRAPPED, "text") == [
        (2, "1.", "YOUR ACCOUNT"), (3, "1.1", ""), (3, "1.2", ""), (2, "2.", "CONTACT"),
    ]  # fmt: skip
    assert parts[1]["html"] == (
        "<p>You are responsible for what happens under your account, unless the law says "
        "otherwise.</p>"
    )
    assert parts[3]["html"].endswith("with it.</p><p>Larkspur Ltd.</p><p>12 Mill Road</p>")


LONG = "We keep what you tell us for as long as we need it to send you what you ordered from us."


def test_lines_that_stand_alone_are_headings_where_a_text_marks_them_so():
    source = "\n\n".join(
        ["Privacy Policy", LONG, "What we keep", LONG, "Who receives it:", "Carriers", "Banks",
         "Post", LONG, "Your rights", LONG, "1. You may ask.", "2. You may object.",
         "How to reach us", LONG]
    )  # fmt: skip

    assert [heading for _, _, heading in outline(source, "text") if heading] == [
        "Privacy Policy", "What we keep", "Your rights", "How to reach us",
    ]  # fmt: skip
    assert [level for level, _, _ in outline(source, "text")] == [2, 2, 2, 3, 3, 2]


def test_lines_that_stand_alone_by_chance_are_paragraphs():
    source = f"{LONG}\n\nCarriers and banks\n\n{LONG}"

    assert [heading for _, _, heading in outline(source, "text")] == [""]


def test_bold_paragraphs_are_headings_and_keep_out_of_lists_and_tables():
    source = (
        f"<p><b>Who we are</b></p><p>{LONG}</p><p><strong>Cookies</strong></p>"
        f"<table><tr><td><b>Name</b></td><td>1. Use</td></tr></table>"
        f"<p><b>One</b></p><p><b>Two</b></p><p><b>Three</b></p><p>{LONG}</p>"
    )

    assert outline(source, "html") == [(2, "", "Who we are"), (2, "", "Cookies")]


@pytest.mark.parametrize(
    "paragraph",
    ["<p>\n   1. Who we are\n</p>", "<p><b>1. Who we are</b></p>", "<p><b>1.</b> Who we are</p>",
     "<p>1.&nbsp;Who we are</p>", "<p><span>1</span><span>. Who</span> we are</p>"],
)  # fmt: skip
def test_numbers_are_found_whatever_stands_around_them(paragraph):
    source = f"{paragraph}<p>{LONG}</p>"

    assert outline(source, "html") == [(2, "1.", "Who we are")]


def test_line_breaks_part_paragraphs_where_numbers_or_gaps_say_so():
    source = f"1. Who<br>{LONG}<br>2. What<br>{LONG}"
    assert outline(source, "html") == [(2, "1.", "Who"), (2, "2.", "What")]

    address = read_policy("<p>Larkspur Ltd.<br>12 Mill Road<br>Albany</p>", "html")
    assert address[0]["html"] == "<p>Larkspur Ltd.<br>12 Mill Road<br>Albany</p>"


def test_number_before_a_link_keeps_the_link():
    (part,) = read_policy('<p>1. <a href="/who">Who we are</a></p>', "html")

    assert (part["label"], part["heading"]) == ("1. ", "")
    assert 'href="/who"' in part["html"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("See [rights](#your-rights).\n\n## 2. Your rights\n\nMany.\n", "markdown"),
        ("See [rights](#r).\n\n## Your rights <a id='r'></a>\n\nMany.\n", "markdown"),
        ("See [rights](#2%20Your%20Rights).\n\n## 2 Your rights\n\nMany.\n", "markdown"),
        ('<p>See <a href="#r">rights</a>.</p><div id="r"><h2>2. Your rights</h2>X.</div>', "html"),
        ('<p>See <a href="#r">rights</a>.</p><a name="r"></a><p><b>Your rights</b></p><p>Many.</p>',
         "html"),
    ],
)  # fmt: skip
def test_links_within_a_text_lead_to_the_anchors_it_has_here(source, kind):
    clauses = make_clauses(read_policy(source, kind))

    assert clauses[1]["anchor"] in {"your-rights", "2-your-rights"}
    assert f'href="#{clauses[1]["anchor"]}"' in clauses[0]["html"]


def test_link_to_a_place_that_is_not_there_stays():
    assert 'href="#gone"' in read_policy("See [there](#gone).", "markdown")[0]["html"]


def test_metadata_is_no_text_and_words_between_rules_are():
    assert text_of("---\ntitle: Terms\ntags:\n  - law\n--- \nWords.\n", "markdown") == "Words.\n"
    assert text_of('+++\ntitle = "Terms"\n+++\nWords.\n', "markdown") == "Words.\n"
    assert text_of("---\n\nFirst words.\n\n---\n\nMore.\n", "markdown") == ("First words.\nMore.\n")


def test_levels_are_those_that_an_editor_can_choose():
    source = "<h6>Deep</h6><p>1. One.</p><p>(a) two.</p><p>(i) three.</p>"

    assert max(level for level, _, _ in outline(source, "html")) == 6


def test_script_and_style_are_no_words():
    source = (
        "<style>p { color: red }</style><h2>Head<script>alert(1)</script></h2>"
        "<p>Kept.</p><script>alert(1)</script>"
    )

    assert text_of(source, "html") == "Head\nKept.\n"


@pytest.mark.parametrize(
    ("source", "kind"),
    [("<div>" * 3000 + "deep" + "</div>" * 3000, "html"), ("word " * 500_000, "text")],
)
def test_what_is_too_deep_or_too_long_is_refused_and_not_cut_short(source, kind):
    with pytest.raises(PolicyImportError):
        read_policy(source, kind)


def test_words_below_the_parsers_own_limit_of_depth_are_kept():
    source = "<div>" * 350 + "deep words" + "</div>" * 350

    assert text_of(source, "html") == "deep words\n"


def test_markdown_headings_become_clauses():
    parts = read_policy("# Title\n\nIntro.\n\n## 1. Who\n\n- one\n- two\n", "markdown")

    assert [part["heading"] for part in parts] == ["Title", "Who"]
    assert "<li>one</li>" in parts[1]["html"]


def test_paragraph_wholly_in_bold_is_emphasised():
    part = read_policy("## 1. Risk\n\n**You answer for this.**\n", "markdown")[0]

    assert part["is_emphasised"]


@pytest.mark.django_db
def test_command_makes_the_next_version_of_the_same_title(home, tmp_path, capsys):
    path = tmp_path / "terms.md"
    arguments = {"kind": "terms", "title": "Terms", "summary": "New.", "publish": True,
                 "json": True}  # fmt: skip
    path.write_text("## 1. One\n\nFirst words.\n", encoding="utf-8")
    call_command("import_policy", str(path), **arguments)
    path.write_text("## 1. One\n\nOther words.\n", encoding="utf-8")
    call_command("import_policy", str(path), **arguments)

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["version"], second["version"]) == (1, 2)
    assert first["slug"] == second["slug"] == "terms"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"effective_at": "soon"}, "is no moment"),
        ({"updated_on": "2021-13-45"}, "is no date"),
        ({"locale": "fr"}, "no home page in fr"),
        ({"translation_of": "nothing@1"}, "names no newest|is no newest"),
    ],
)
def test_command_says_what_is_wrong(home, tmp_path, options, sentence):
    path = tmp_path / "terms.txt"
    path.write_text("Words.", encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        call_command("import_policy", str(path), kind="terms", title="Terms", **options)


@pytest.mark.django_db
def test_without_a_summary_the_versions_tell_what_can_be_told(home, tmp_path, capsys):
    path = tmp_path / "terms.txt"
    for words in ("1. One\nFirst words.\n", "1. One\nOther words.\n2. Two\nMore.\n"):
        path.write_text(words, encoding="utf-8")
        call_command("import_policy", str(path), kind="terms", title="Terms", publish=True)

    summaries = [each.texts.get().summary for each in PolicyVersion.objects.order_by("number")]
    assert summaries == [
        "First version.", "Clauses: 1 added, 0 removed, 1 changed, 0 as they were.",
    ]  # fmt: skip


@pytest.mark.django_db
def test_first_policy_in_a_language_makes_its_home_page(home, visitor, tmp_path, capsys):
    path = tmp_path / "terms.txt"
    path.write_text("一、总则\n本协议适用于本网站。\n", encoding="utf-8")

    call_command("import_policy", str(path), kind="terms", title="用户协议", locale="zh-hans",
                 summary="第一版。", publish=True, json=True)  # fmt: skip

    slug = json.loads(capsys.readouterr().out)["slug"]
    shown = visitor.get(f"/zh-hans/{slug}/")
    assert shown.status_code == 200
    assert "本协议适用于本网站。" in shown.text


@pytest.mark.django_db
@pytest.mark.samples
def test_real_documents_keep_every_word(home, samples, tmp_path, capsys):
    folder = samples / "seed"
    facts = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    source = (folder / facts["file"]).read_bytes().decode("utf-8")
    for number, document in enumerate(facts["documents"]):
        part = source[document["start"] : document["end"]]
        path = tmp_path / f"{number}.txt"
        path.write_bytes(part.encode())

        call_command(
            "import_policy", str(path), kind=document["kind"], title=document["title"],
            effective_at=document["effective_on"], updated_on=document.get("updated_on"),
            historic=True, publish=True, json=True,
        )  # fmt: skip

        result = json.loads(capsys.readouterr().out)
        version = PolicyVersion.objects.get(page_id=result["page"])
        assert version.is_recorded_later
        assert version.texts.get().text.split() == part.split()
        if document["effective_on"]:
            assert version.effective_at.date().isoformat() == document["effective_on"]
        else:
            assert version.document.in_force() == version
