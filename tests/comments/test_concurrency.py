import threading

import pytest
from django.db import connection, connections

from comments.models import DiscussionSettings, VisitorComment
from comments.services import NewComment, submit_comment

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, REPLIES = 4, 25


def test_concurrent_writers_leave_no_duplicate_and_no_misplaced_path(post):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()
    root = submit_comment(
        NewComment(target_id=post.pk, text="Root", author_name="R", author_email="r@example.org")
    )
    failures = []

    def write(writer):
        parent = root.pk
        try:
            for number in range(REPLIES):
                comment = submit_comment(
                    NewComment(
                        target_id=post.pk,
                        text=f"{writer}/{number}",
                        author_name=f"W{writer}",
                        author_email=f"w{writer}@example.org",
                        parent_id=parent,
                    )
                )
                parent = comment.pk if number % 3 else root.pk
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    rows = {row.pk: row for row in VisitorComment.objects.all()}
    assert len(rows) == WRITERS * REPLIES + 1
    assert len({row.path for row in rows.values()}) == len(rows)
    for row in rows.values():
        if row.level:
            assert row.path == f"{rows[row.parent_id].path}{row.pk:010d}"
            assert row.level == rows[row.parent_id].level + 1
    below = sum(row.path.startswith(rows[root.pk].path) for row in rows.values()) - 1
    assert rows[root.pk].nested_count == below
