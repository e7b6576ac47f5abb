from privacy.export_page import item


def test_item_shows_nested_values_and_escapes_them():
    shown = item("7", {"sent_to": [{"processor": "a <b>", "fields": ["text"]}], "is_open": False})

    assert "sent to" in shown
    assert "<li>processor: a &lt;b&gt;</li>" in shown
    assert "<li>text</li>" in shown
    assert "<dd>no</dd>" in shown


def test_item_shows_a_dash_for_what_is_empty_but_not_for_zero():
    shown = item("7", {"site": "", "parent": None, "links": [], "count": 0})

    assert shown.count("<dd>–</dd>") == 3
    assert "<dd>0</dd>" in shown


def test_every_text_is_escaped_names_and_keys_too():
    shown = item('"><b>', {"<i>": "<s>'\"", "list": ["<u>"], "map": {"<a>": {"<p>": "<q>"}}})

    assert "<b>" not in shown
    assert not any(f"<{tag}>" in shown for tag in "isuapq")
    assert shown.count("&lt;") == 7
