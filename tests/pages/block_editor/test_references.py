"""Reusable blocks are shown where posts refer to them."""

import pytest

from pages.block_editor.keeping import set_raw
from pages.block_editor.references import LONGEST_REUSED, references_in, with_reused
from pages.models import ReusableBlock
from pages.services.reusable_blocks import delete_for_good, save_block, trash_block
from tests.pages.block_editor.documents import written


def refer(key):
    return f'<!-- wp:block {{"ref":{key}}} /-->'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a {refer(1)} b", "a one b"),
        (f"{refer(2)}", "two one"),
        (f"{refer(3)}", "itself "),
        (f"{refer(4)}", ""),
        ('<!-- wp:block {"ref":"1"} /-->', ""),
        ('<!-- wp:block {"ref":true} x} /-->', ""),
        ('<!-- wp:block {"ref":' + "[" * 5_000 + "]" * 5_000 + "} /-->", ""),
        ('<!-- wp:blocks {"ref":1} /-->', '<!-- wp:blocks {"ref":1} /-->'),
    ],
)
def test_references_become_the_texts_of_blocks(text, shown):
    texts = {1: "one", 2: f"two {refer(1)}", 3: f"itself {refer(3)}"}
    assert with_reused(text, lambda keys: {k: texts[k] for k in keys if k in texts}) == shown


def test_blocks_in_blocks_end_before_they_fill_the_memory():
    texts = {key: refer(key + 1) * 100 for key in range(1, 5)} | {5: "x" * 1_000}
    shown = with_reused(refer(1), lambda keys: {key: texts[key] for key in keys})
    assert 0 < len(shown) <= LONGEST_REUSED


def test_each_level_is_read_at_once():
    asked = []

    def texts_of(keys):
        asked.append(sorted(keys))
        return {1: f"{refer(3)}", 2: "", 3: "three"}

    assert with_reused(f"{refer(1)}{refer(2)}{refer(1)}", texts_of) == "threethree"
    assert asked == [[1, 2]]
    assert references_in(f"{refer(1)} {refer(9)}") == {1, 9}


@pytest.mark.django_db
def test_what_others_wrote_of_a_block_meanwhile_stays():
    block = save_block(ReusableBlock(), title="Tea", raw_content="a")
    early, late = ReusableBlock.objects.get(), ReusableBlock.objects.get()

    trash_block(block)
    assert save_block(early, title="Cup").status == "trash"
    delete_for_good(block)
    with pytest.raises(ReusableBlock.DoesNotExist):
        save_block(late, title="Late")
    assert not ReusableBlock.objects.exists()


def test_a_post_shows_its_reusable_blocks_and_their_changes(
    post, django_capture_on_commit_callbacks
):
    inner = save_block(ReusableBlock(), title="In", raw_content=written("paragraph", "<p>in</p>"))
    outer = save_block(ReusableBlock(), title="Out", raw_content=refer(inner.pk))
    draft = save_block(ReusableBlock(status="draft"), title="No", raw_content="<p>no</p>")
    text = f"{written('paragraph', '<p>a</p>')}\n\n{refer(outer.pk)}{refer(draft.pk)}"
    set_raw(post, text)
    post.save()
    assert post.rendered_body == "\n<p>a</p>\n\n\n\n<p>in</p>\n"
    assert post.raw_content == text

    with django_capture_on_commit_callbacks(execute=True):
        save_block(inner, raw_content=written("paragraph", "<p>new</p>"))
    post.refresh_from_db()
    assert post.rendered_body == "\n<p>a</p>\n\n\n\n<p>new</p>\n"

    with django_capture_on_commit_callbacks(execute=True):
        outer.delete()
    post.refresh_from_db()
    assert post.rendered_body == "\n<p>a</p>\n\n\n"
    assert post.raw_content == text
