import pytest

from wordpress.importing.texts import Addresses, StoredFile

HOME = "https://new.example"
ITEMS = {"/2024/05/01/tea/": "/2024/05/01/tea/", "/über uns/": "/about/"}
NUMBERS = {7: "/seventh/"}


@pytest.fixture
def addresses():
    known = Addresses("https://old.example", home=HOME, items=ITEMS.get, numbers=NUMBERS.get)
    known.add_file(
        "old.example/wp-content/uploads/2024/view.jpg",
        54,
        StoredFile(
            54, "/uploads/view.jpg", {300: "/uploads/view-m.jpg", 768: "/uploads/view-l.jpg"}
        ),
    )
    known.add_file("cdn.example/plan.pdf", 60, StoredFile(900, "/documents/plan.pdf"))
    return known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="https://old.example/2024/05/01/tea/">', '<a href="/2024/05/01/tea/">'),
        ("http://www.old.example/2024/05/01/tea", f"{HOME}/2024/05/01/tea/"),
        ("//old.example/2024/05/01/tea/#c", f"{HOME}/2024/05/01/tea/#c"),
        ("See https://old.example/2024/05/01/tea/.", f"See {HOME}/2024/05/01/tea/."),
        ("https://old.example/%C3%BCber%20uns/", f"{HOME}/about/"),
        ("https://old.example/?p=7", f"{HOME}/seventh/"),
        ("https://old.example/?page_id=7#x", f"{HOME}/seventh/#x"),
        ("https://old.example/?a=1&amp;p=7", f"{HOME}/seventh/"),
        ("https://old.example/?p=8", f"{HOME}/?p=8"),
        ("https://old.example/?s=a&amp;b=c", f"{HOME}/?s=a&amp;b=c"),
        ("https://old.example", f"{HOME}/"),
        ("https://old.example/other/", f"{HOME}/other/"),
        ("https://OLD.example/other/", f"{HOME}/other/"),
        ("https://old.example.org/2024/05/01/tea/", "https://old.example.org/2024/05/01/tea/"),
        ("https://not-old.example/tea/", "https://not-old.example/tea/"),
        ("https://cdn.example/other.pdf", "https://cdn.example/other.pdf"),
        ("https://cdn.example/plan.pdf", "/documents/plan.pdf"),
        ('src="https://old.example/wp-content/uploads/2024/view.jpg"', 'src="/uploads/view.jpg"'),
        ("https://old.example/wp-content/uploads/2024/view-300x200.jpg?x=1", "/uploads/view-m.jpg"),
        ("https://old.example/wp-content/uploads/2024/view-640x400.jpg", "/uploads/view-l.jpg"),
        ("https://old.example/wp-content/uploads/2024/view-2000x900.jpg", "/uploads/view.jpg"),
        ("https://old.example/wp-content/uploads/2024/view-scaled.jpg", "/uploads/view.jpg"),
        ("http://old.example:99999999/", "http://old.example:99999999/"),
        ("http://[old.example/tea", "http://[old.example/tea"),
        ("", ""),
    ],
)
def test_addresses_lead_to_this_site(addresses, text, expected):
    assert addresses.rewritten(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<!-- wp:file {"id":60,"href":"x"} -->', '<!-- wp:file {"id":900,"href":"x"} -->'),
        ('<!-- wp:image {"a":{"b":1},"id":60} -->', '<!-- wp:image {"a":{"b":1},"id":900} -->'),
        ('class="wp-image-60 big"', 'class="wp-image-900 big"'),
        ('[caption id="attachment_60"]', '[caption id="attachment_900"]'),
        ('[gallery ids="54,60" columns="2"]', '[gallery ids="54,900" columns="2"]'),
        ('{"ids":[54, 60]}', '{"ids":[54, 900]}'),
        ('<!-- wp:paragraph {"id":60} -->', '<!-- wp:paragraph {"id":60} -->'),
        ("wp-image-601", "wp-image-601"),
    ],
)
def test_numbers_of_files_that_have_others_here_follow(addresses, text, expected):
    assert addresses.rewritten(text) == expected


def test_site_below_a_path_loses_it():
    known = Addresses(
        "https://old.example/blog", home=HOME, items={"/blog/tea/": "/tea/"}.get, numbers={}.get
    )

    assert known.rewritten("https://old.example/blog/tea/") == f"{HOME}/tea/"
    assert known.rewritten("https://old.example/blog/x/") == f"{HOME}/x/"
    assert known.rewritten("https://old.example/shop/") == "https://old.example/shop/"
