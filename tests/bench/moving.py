"""Moving a site of 4,000 posts and 60,000 comments in and out: clock, processor and memory.

On the database that DATABASE_URL names, SQLite without it: the site there must be empty.
BENCH_POSTS and BENCH_COMMENTS make it another size.
"""

import os
import subprocess
import sys
from time import perf_counter

from tests.bench.harness import ROOT, Site, load, prepared_data, row, say, verdict
from tests.wordpress.made import write_site

POSTS = int(os.environ.get("BENCH_POSTS", "4000"))
COMMENTS = int(os.environ.get("BENCH_COMMENTS", "60000"))
WANTED_SECONDS, WANTED_MB = 180, 300


def measure_moving(only: str = "") -> None:
    """Import a made file, then export the site; each in a process of its own."""
    with prepared_data("--posts", "0", "--comments", "0") as (data, _seeded):
        site = Site(data, read_cache=False)
        file = write_site(data / "site.xml", POSTS, COMMENTS)
        say(f"{POSTS:,} posts, {COMMENTS:,} comments, {file.stat().st_size / 1e6:.0f} MB; {load()}")
        measure(site, "import_wxr", str(file))
        measure(site, "export_wxr", "--output", str(data / "out.xml"))


def measure(site: Site, *command: str) -> None:
    begun = perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=site.environment, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _pid, status, used = os.wait4(process.pid, 0)
    clock = perf_counter() - begun
    if status:
        raise SystemExit(f"{command[0]} failed.")
    row(f"{command[0]}: seconds by the clock", f"{clock:.0f}",
        verdict(clock, WANTED_SECONDS, at_most=True))  # fmt: skip
    row(f"{command[0]}: seconds of a processor; {load()}", f"{used.ru_utime + used.ru_stime:.0f}")
    row(f"{command[0]}: MB at most", f"{used.ru_maxrss / 1024:.0f}",
        verdict(used.ru_maxrss / 1024, WANTED_MB, at_most=True))  # fmt: skip
