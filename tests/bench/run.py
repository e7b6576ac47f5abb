"""`make bench`: the hot paths beside a WordPress and an nginx that run next to us.

A site of its own is started with seeded content (50 posts, 1,000 threaded comments on the first),
once with the read cache and once without. Both sides of a ratio are measured in turns, so that it
is one of one machine at one time; the absolute figures say little on a shared machine.
Load comes from wrk (Debian: apt install wrk) over loopback, bounded in time. The reference answers
at REFERENCE_URL (default http://127.0.0.1:8090); REFERENCE_PHP is a command that runs a file of PHP
with it loaded, by which its settings are made the same as ours. BENCH_SECONDS and BENCH_ROUNDS say
how long and how often each case is measured.

    make bench BENCH="comments screening"

measures only what is named; after a colon stand words of the comments' cases, as in
"comments:creation".
"""

import shutil
import sys
from collections.abc import Callable

from tests.bench import media
from tests.bench.akismet import measure_slow_akismet
from tests.bench.comments import measure_comments
from tests.bench.data_rights import measure_privacy
from tests.bench.harness import load, prepared_data, say
from tests.bench.moving import measure_moving
from tests.bench.reading import measure_reading


def inside(module: str) -> Callable[[str], None]:
    """Return what runs a module's main() inside Django, in a data folder of its own."""

    def measure(only: str = "") -> None:
        from tests.bench.harness import Site

        with prepared_data("--posts", "2", "--comments", "0") as (data, _seeded):
            say(Site(data, read_cache=False).run_inside(module))

    return measure


PARTS: dict[str, Callable[[str], None]] = {
    "reading": measure_reading,
    "comments": measure_comments,
    "akismet": measure_slow_akismet,
    "screening": inside("tests.bench.screening"),
    "scale": inside("tests.bench.scale"),
    "policies": inside("tests.bench.policies"),
    "media": lambda only: media.main(),
    "privacy": measure_privacy,
    "moving": measure_moving,
}


def main(wanted: list[str]) -> int:
    if shutil.which("wrk") is None:
        say("wrk is absent: apt install wrk")
        return 2
    for each in wanted or PARTS:
        name, _, only = each.partition(":")
        if name not in PARTS:
            say(f"{name} is no part; there are {', '.join(PARTS)}.")
            return 2
        say(f"\n{name}; {load()}")
        PARTS[name](only)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
