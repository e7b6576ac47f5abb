import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

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
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(html_blocks, min_size=1, max_size=10))
def test_no_word_of_an_html_page_is_lost_or_moved(blocks):
    source = "\n".join(blocks)
    spaced = source.replace("<", " <").replace(">", "> ")
    expected = " ".join(part.rpartition(">")[2] for part in spaced.split("<")).split()

    assert text_of(source, "html").split() == expected


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
