"""`make test`: the suite on SQLite, then on PostgreSQL where one answers.

TESTS in the environment of make becomes pytest's arguments. A service that does not answer is
named and skipped; with CI=true that is a failure, so that a green CI has tested everything.
"""

import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), 2):
            return True
    except OSError:
        return False


def run(title: str, arguments: list[str], **environment: str) -> int:
    sys.stdout.write(f"\n== {title} ==\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def main() -> int:
    # A process for each core takes its share of the whole suite. The order stays: tests that flush
    # the database come last.
    shared = ["--numprocesses", "auto", "--dist", "loadgroup", "--no-loadscope-reorder"]
    arguments = sys.argv[1:] or shared
    codes = [run("SQLite", arguments)]
    if answers(POSTGRES_URL):
        # What does not hang on the database, or starts sites of its own, has been run once.
        once = ["-m", "not browser and not started and not samples and not once"]
        codes.append(run("PostgreSQL", [*once, *arguments], DATABASE_URL=POSTGRES_URL))
    else:
        sys.stdout.write(f"\n== PostgreSQL: SKIPPED, nothing answers at {POSTGRES_URL} ==\n")
        codes.append(1 if os.environ.get("CI") == "true" else 0)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
