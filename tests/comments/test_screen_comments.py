"""`manage.py screen_comments`: what goes in and comes out, and what is said of wrong use."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from comments.screening.measuring import Judged, measures

WORDS = ["soup", "bread", "cake", "tea", "stew", "rice", "beans", "salad", "pie", "broth"]
GOOD = [f"Thank you, the {one} came out well with {two}" for one in WORDS for two in WORDS[:4]]
SPAM = [f"Cheap {one} pills and {two} pills, order at our shop now" for one in WORDS
        for two in WORDS[:4]]  # fmt: skip


@pytest.fixture
def table(tmp_path):
    def write(name, rows, columns=("id", "text", "label")):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    return write


@pytest.fixture
def labelled(table):
    pairs = [row for two in zip(GOOD, SPAM, strict=True) for row in two]
    return table(
        "a.csv", [(f"c{number}", text, "spam" if text in SPAM else "ham")
                  for number, text in enumerate(pairs)],
    )  # fmt: skip


def run(capsys, *arguments):
    call_command("screen_comments", *map(str, arguments), "--json")
    return json.loads(capsys.readouterr().out)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_starts_empty_and_answers_every_row_in_order(capsys, table, tmp_path):
    source = table("b.csv", [("x", "Hello there"), ("y", ""), ("y", "中文评论")], ("id", "text"))

    told = run(capsys, "--input", source, "--output", tmp_path / "o.csv")

    rows = read(tmp_path / "o.csv")
    assert [row["id"] for row in rows] == ["x", "y", "y"]
    assert list(rows[0]) == ["id", "score", "decision", "reasons"]
    assert {row["decision"] for row in rows} == {"publish"}
    assert all(0 <= float(row["score"]) < 0.5 for row in rows)
    assert told["decisions"] == {"publish": 3, "hold": 0, "spam": 0, "discard": 0}
    assert told["measures"] is None


def test_learns_from_the_training_file(capsys, labelled, table, tmp_path):
    source = table("b.csv", [("1", "Order cheap pills now", ""), ("2", "The tea was good", "")])

    told = run(capsys, "--input", source, "--output", tmp_path / "o.csv", "--train", labelled)

    spam, good = read(tmp_path / "o.csv")
    assert told["learnt"] == 80
    assert float(spam["score"]) > 0.5 > float(good["score"])
    assert spam["decision"] in {"hold", "spam"}
    assert "pills" in spam["reasons"]
    assert good["decision"] == "publish"


def test_online_learns_each_row_after_it_was_scored(capsys, labelled, tmp_path):
    told = run(capsys, "--input", labelled, "--output", tmp_path / "o.csv", "--online")

    first, *_, last = read(tmp_path / "o.csv")
    assert told["learnt"] == told["rows"] == 80
    assert first["decision"] == "publish"
    assert last["decision"] == "spam"
    assert told["measures"]["f1"] > 0.9


def test_fields_beside_the_text_count(capsys, table, tmp_path):
    source = table(
        "b.csv",
        [("1", "Nice post", "cheap hotel booking", "a12345678@x.example", "https://x.example/"),
         ("2", "Nice post", "Nora", "", "")],
        ("id", "text", "author", "email", "url"),
    )  # fmt: skip

    run(capsys, "--input", source, "--output", tmp_path / "o.csv")

    first, second = read(tmp_path / "o.csv")
    assert float(first["score"]) > float(second["score"])


def test_tells_people_in_lines(capsys, labelled, tmp_path):
    call_command("screen_comments", "--input", str(labelled), "--output", str(tmp_path / "o.csv"))

    assert "80 comments screened, 0 learnt from" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("columns", "row", "arguments", "returncode", "said"),
    [
        (("id", "words"), ("1", "x"), [], 2, "lacks the column text"),
        (("id", "text"), ("1", "x"), ["--online"], 2, "lacks the column label"),
        (("id", "text", "label"), ("1", "x", "bad"), [], 1, "line 2"),
    ],
)
def test_wrong_files_are_told_what_is_wrong(
    table, tmp_path, columns, row, arguments, returncode, said
):
    source = table("b.csv", [row], columns)

    with pytest.raises(CommandError, match=said) as error:
        call_command("screen_comments", "--input", str(source), "--output",
                     str(tmp_path / "o.csv"), *arguments)  # fmt: skip

    assert error.value.returncode == returncode
    assert not (tmp_path / "o.csv").exists()


def test_missing_file_the_same_file_and_no_folder_are_wrong_usage(table, tmp_path):
    source = table("b.csv", [("1", "x", "")])
    for given, target in (
        (tmp_path / "none.csv", tmp_path / "o.csv"),
        (source, source),
        (source, tmp_path / "none" / "o.csv"),
        (source, tmp_path),
    ):
        with pytest.raises(CommandError) as error:
            call_command("screen_comments", "--input", str(given), "--output", str(target))
        assert error.value.returncode == 2


def test_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "b.csv").write_bytes("id,text\n1,é\n".encode("latin-1"))

    with pytest.raises(CommandError, match="UTF-8") as error:
        call_command("screen_comments", "--input", str(tmp_path / "b.csv"), "--output",
                     str(tmp_path / "o.csv"))  # fmt: skip
    assert error.value.returncode == 1


def test_knows_no_database(capsys, table, tmp_path):
    """No django_db mark: any query would raise."""
    source = table(
        "b.csv", [("1", "https://a.example https://b.example https://c.example", "spam")]
    )

    run(capsys, "--input", source, "--output", tmp_path / "o.csv", "--online")

    assert len(read(tmp_path / "o.csv")) == 1


def test_figures_are_what_they_say():
    rows = [Judged(0.9, "spam", True), Judged(0.6, "hold", True), Judged(0.2, "publish", True),
            Judged(0.7, "hold", False), Judged(0.1, "publish", False)]  # fmt: skip

    found = measures(rows)

    assert found["f1"] == pytest.approx(2 * 2 / (3 + 3), abs=1e-4)
    assert found["spam_caught"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["good_held"], found["good_in_spam"]) == (0.5, 0.0)
    assert found["caught_at_1_percent"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["auc"] == pytest.approx(4 / 6, abs=1e-4)
    assert measures([])["f1"] is None
