"""Several processes write into one thread: every reply is there, once, and at its place."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from comments.models import DiscussionSettings, VisitorComment
from comments.services import NewComment, submit_comment

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
QUERY = (
    "SELECT c.xtdcomment_ptr_id, c.path, c.depth, t.parent_id, t.level, t.nested_count, "
    "t.thread_id FROM comments_visitorcomment c "
    "JOIN django_comments_xtd_xtdcomment t ON t.comment_ptr_id = c.xtdcomment_ptr_id "
    "JOIN django_comments b ON b.id = t.comment_ptr_id"
)


@pytest.fixture
def root(post):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()
    return submit_comment(
        NewComment(target_id=post.pk, text="Root", author_name="R", author_email="r@example.org")
    )


def faults_of(rows):
    """Return what is wrong with the places of comments in their threads."""
    by_key = {row[0]: row for row in rows}
    faults = []
    if len({row[1] for row in rows}) != len(rows):
        faults.append("a path stands twice")
    below = dict.fromkeys(by_key, 0)
    for key, path, depth, parent_id, level, _, thread_id in rows:
        above = [int(path[start : start + 10]) for start in range(0, len(path) - 10, 10)]
        for each in above:
            below[each] += 1
        if int(path[-10:]) != key or depth != level != len(above):
            faults.append(f"{key}: path or level is wrong")
        if above and (parent_id != above[-1] or path[:-10] != by_key[above[-1]][1]):
            faults.append(f"{key}: does not stand below its parent")
        if thread_id != (above[0] if above else key):
            faults.append(f"{key}: is in another thread")
    faults += [f"{row[0]}: counts {row[5]} instead of {below[row[0]]}" for row in rows
               if row[5] != below[row[0]]]  # fmt: skip
    return faults


@pytest.mark.parametrize("replies", [120, pytest.param(5000, marks=pytest.mark.scale, id="scale")])
def test_two_processes_leave_no_duplicate_and_no_misplaced_reply(post, root, shared, replies):
    environment, read = shared
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.comments.writers", str(post.pk), str(root.pk),
             str(replies), name],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("anna", "berta")
    ]  # fmt: skip
    answers = [process.communicate(timeout=1800) for process in processes]

    assert [process.returncode for process in processes] == [0, 0], answers
    told = {int(key) for out, _ in answers for key in out.split()}
    rows = read(QUERY)
    assert len(told) == 2 * replies
    assert told == {row[0] for row in rows} - {root.pk}
    assert faults_of(rows) == []


def test_misplaced_reply_is_seen():
    right = [(1, "0000000001", 0, 1, 0, 1, 1), (2, "00000000010000000002", 1, 1, 1, 0, 1)]

    assert faults_of(right) == []
    for wrong in (
        (2, "0000000002", 1, 1, 1, 0, 1), (2, "00000000010000000002", 1, 2, 1, 0, 1),
        (2, "00000000010000000002", 1, 1, 1, 0, 2), (2, "00000000010000000002", 1, 1, 1, 3, 1),
    ):  # fmt: skip
        assert faults_of([right[0], wrong])


def test_same_words_at_the_same_time_are_stored_once(post, root, shared):
    """Two processes say the same at once; one of them must be told that it is a duplicate."""
    environment, read = shared
    code = (
        "import django, sys; django.setup()\n"
        "from comments import errors\n"
        "from comments.services import NewComment, submit_comment\n"
        "stored = 0\n"
        "for number in range(40):\n"
        "    try:\n"
        f"        submit_comment(NewComment(target_id={post.pk}, text=f'Same {{number}}.',\n"
        "            author_name='S', author_email='s@example.org', user_agent='x'))\n"
        "        stored += 1\n"
        "    except errors.DuplicateCommentError:\n"
        "        pass\n"
        "sys.stdout.write(str(stored))\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]  # fmt: skip
    answers = [process.communicate(timeout=600) for process in processes]

    assert sum(int(out) for out, _ in answers) == 40, answers
    assert read("SELECT COUNT(*) FROM comments_visitorcomment")[0][0] == 41
    assert VisitorComment.objects.filter(pk=root.pk).exists()


WATCHED = """
import django, os
django.setup()
from django.db import connection
from comments.write_lock import write_transaction

def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]

synced, wait = [], os.fdatasync
def fdatasync(descriptor):
    synced.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
    wait(descriptor)
os.fdatasync = fdatasync

before = asked("PRAGMA synchronous")
with write_transaction():
    inside = asked("PRAGMA synchronous"), len(synced)
after = asked("PRAGMA synchronous")
try:
    with write_transaction():
        raise ValueError
except ValueError:
    pass
print(before, inside, after, asked("PRAGMA synchronous"), *synced)
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL shares waits by itself")
def test_log_is_on_disk_when_a_write_returns_and_nobody_waits_for_it_in_turn(post, shared):
    environment, _read = shared
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.stdout.split()[:5] == ["2", "(1,", "0)", "2", "2"], done.stderr
    assert [name[-4:] for name in done.stdout.split()[5:]] == ["-wal"]
