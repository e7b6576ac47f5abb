"""A process that writes replies: python -m tests.comments.writers POST ROOT COUNT NAME.

It prints the numbers of the comments that it was told are stored.
"""

import os
import random
import sys

import django


def main(target_id: int, root_id: int, count: int, name: str) -> None:
    from comments.services import NewComment, submit_comment

    choose = random.Random(name)
    written = [root_id]
    for number in range(count):
        comment = submit_comment(
            NewComment(
                target_id=target_id,
                # Every third goes below the root, so that all processes meet there.
                parent_id=root_id if number % 3 == 0 else choose.choice(written[-30:]),
                text=f"{name} says {number}.",
                author_name=name,
                author_email=f"{name}@example.org",
                user_agent="writer",
            )
        )
        written.append(comment.pk)
    sys.stdout.write(" ".join(map(str, written[1:])))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    post, root, replies, writer = sys.argv[1:]
    main(int(post), int(root), int(replies), writer)
