"""Posts over REST beside the reference WordPress: nothing cached, and cached beside nginx."""

import tempfile
from pathlib import Path

from tests.bench.harness import (
    ROUNDS,
    Reference,
    Site,
    StaticServer,
    best,
    fetch,
    load,
    prepared_data,
    row,
    say,
    verdict,
    wrk,
)

POSTS, COMMENTS = "55", "300"
WANTED, WANTED_OF_NGINX = 8, 0.5


def measure_reading(only: str = "") -> None:
    """Measure a list of ten posts and one post, both sides in turns."""
    reference = Reference()
    rest = "/wp-json/wp/v2/posts"
    with prepared_data("--posts", POSTS, "--comments", COMMENTS) as (data, seeded):
        theirs = reference.post_id("post-number-1") if reference.is_there else 0
        paths = {
            "posts?per_page=10": (f"{rest}?per_page=10",) * 2,
            "posts/ID": (f"{rest}/{seeded['first_post']}", f"{rest}/{theirs}"),
        }
        say(f"Answers a second (99 % within ms), uncached; {load()}")
        with Site(data, read_cache=False) as site:
            for name, (own, other) in paths.items():
                beside_wordpress(name, f"{site.url}{own}", reference, other)
        if not StaticServer.is_installed():
            say("nginx is absent: what is cached has no measure.")
            return
        say(f"The same cached, beside a file of the same size; {load()}")
        with (
            tempfile.TemporaryDirectory(prefix="candour-bench-") as folder,
            StaticServer(Path(folder, "nginx")) as nginx,
            Site(data, read_cache=True) as site,
        ):
            for name, (own, _) in paths.items():
                url = f"{site.url}{own}"
                file = nginx.url_of(len(fetch(url)[0]))
                figures = [(wrk(url), wrk(file)) for _ in range(ROUNDS)]
                ours, static = (best(list(side)) for side in zip(*figures, strict=True))
                row(name, f"{ours}, nginx {static}", verdict(ours.rate / static.rate,
                                                             WANTED_OF_NGINX))  # fmt: skip


def beside_wordpress(name: str, url: str, reference: Reference, path: str) -> None:
    fetch(url)
    if not reference.is_there:
        row(name, f"{best([wrk(url) for _ in range(ROUNDS)])}")
        return
    other = f"{reference.url}{path}"
    figures = [(wrk(url), wrk(other)) for _ in range(ROUNDS)]
    ours, wordpress = (best(list(side)) for side in zip(*figures, strict=True))
    row(name, f"{ours}, WordPress {wordpress}", verdict(ours.rate / wordpress.rate, WANTED))
