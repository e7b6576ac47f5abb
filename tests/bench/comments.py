"""Comments beside the reference WordPress and beside nginx, in one run on one machine."""

import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench.harness import (
    ROUNDS,
    Figures,
    Reference,
    Site,
    StaticServer,
    best,
    fetch,
    load,
    prepared_data,
    say,
    verdict,
    wrk,
)

POST = Path(__file__).with_name("post_comment.lua")
WANTED_OF_NGINX = 0.5
# As in WordPress after its installation, and what else a case may set.
WHOLE = {"page_comments": 0}
PAGED = {"page_comments": 1, "comments_per_page": 50, "default_comments_page": "oldest"}
HELD = {"comment_previously_approved": 1}
SHOWN = {"comment_previously_approved": 0}


@dataclass(frozen=True)
class Reading:
    """A path of ours and the same thing in WordPress, "" where it has none."""

    name: str
    path: str
    reference: str = ""
    wanted: float | None = None
    is_paged: bool = False


def reading_cases(seeded: dict[str, Any], reference: Reference) -> list[Reading]:
    big, few = 0, 0
    if reference.is_there:
        big = reference.post_id("post-number-1")
        few = reference.post_id("post-with-twenty-comments")
    key = seeded["first_post"]
    comments, posts = "/wp-json/wp/v2/comments", "/wp-json/wp/v2/posts"
    return [
        Reading("REST comments, 100", f"{comments}?post={key}&per_page=100",
                f"{comments}?post={big}&per_page=100", 10),
        Reading("page, 1,000 comments, whole", seeded["first_url"], f"/?p={big}", 12),
        Reading("page, 20 comments", seeded["second_url"], f"/?p={few}", 5),
        Reading("page, 50 top comments of 1,000", seeded["first_url"], f"/?p={big}", 5,
                is_paged=True),
        Reading("REST posts, 10", f"{posts}?per_page=10", f"{posts}?per_page=10"),
        Reading("REST one post", f"{posts}/{key}", f"{posts}/{big}"),
        Reading("shop page", "/cart/shop/"),
    ]  # fmt: skip


def measure_reading(
    case: Reading, cached: Site, uncached: Site, reference: Reference, static: StaticServer | None
) -> None:
    """Print a case: uncached beside WordPress, cached beside nginx, plain and compressed."""
    ours = [fetch(f"{site.url}{case.path}") for site in (uncached, cached)]
    theirs = None
    if reference.is_there and case.reference:
        theirs = fetch(f"{reference.url}{case.reference}")
    urls = {"uncached": ours[0][1], "cached": ours[1][1]}
    sizes = {"": len(ours[1][0]), "br": len(fetch(urls["cached"], {"Accept-Encoding": "br"})[0])}
    found: dict[str, list[Figures]] = {}

    def add(name: str, url: str, accepts: str = "") -> None:
        found.setdefault(name, []).append(wrk(url, accepts=accepts))

    for _ in range(ROUNDS):
        add("uncached", urls["uncached"])
        if theirs:
            add("reference", theirs[1])
        for accepts, size in sizes.items():
            add(f"cached {accepts}", urls["cached"], accepts)
            if static:
                add(f"nginx {accepts}", static.url_of(size))
    rates = {name: best(each) for name, each in found.items()}
    shown = f"{rates['uncached']!s:>16}"
    if theirs:
        ratio = rates["uncached"].rate / rates["reference"].rate
        told = verdict(ratio, case.wanted) if case.wanted else f"{ratio:.3g}"
        shown += f" {rates['reference']!s:>16} {told:>20}"
    say(f"{case.name:32} {shown}")
    counts = [page.count(b'id="comment-') for page, _ in (ours[0], *([theirs] if theirs else ()))]
    told = "/".join(f"{len(body) / 1024:,.0f} KiB" for body, _ in (ours[0], theirs or ours[0]))
    say(f"    ours/theirs: {told}, comments {counts}; {load()}")
    for accepts, size in sizes.items():
        name = f"    cached, {accepts or 'plain'}, {size:,} bytes"
        ours_cached = rates[f"cached {accepts}"]
        if static:
            nginx = rates[f"nginx {accepts}"]
            told = verdict(ours_cached.rate / nginx.rate, WANTED_OF_NGINX)
            say(f"{name:32} {ours_cached!s:>16} {nginx!s:>16} {told:>20} of nginx")
        else:
            say(f"{name:32} {ours_cached!s:>16}")


def measure_writing(site: Site, reference: Reference, seeded: dict[str, Any]) -> None:
    """Print how many comments are taken a second, where they are held and where they are shown."""
    path = "/wp-json/wp/v2/comments"
    for name, options in (("held", HELD), ("shown at once", SHOWN)):
        site.set_discussion(**{key: bool(value) for key, value in options.items()})
        is_there = reference.set_options(wpref_anon=1, wpref_noflood=1, **options)
        found: dict[str, list[Figures]] = {}
        for _ in range(ROUNDS):
            run = {"BENCH_RUN": f"{time.time_ns() // 1_000_000}"}
            found.setdefault("ours", []).append(
                wrk(f"{site.url}{path}", script=POST,
                    environment={**run, "BENCH_POST": str(seeded["last_post"])})
            )  # fmt: skip
            if is_there:
                post = str(reference.post_id("post-number-30"))
                found.setdefault("theirs", []).append(
                    wrk(f"{reference.url}{path}", script=POST,
                        environment={**run, "BENCH_POST": post})
                )  # fmt: skip
        ours = best(found["ours"])
        shown = f"{ours!s:>16}"
        if is_there:
            theirs = best(found["theirs"])
            shown += f" {theirs!s:>16} {verdict(ours.rate / theirs.rate, 6):>20}"
            shown += f"; our p99 {ours.tail:.3g} ms, their p50 {theirs.median:.3g} ms"
            shown += "" if ours.tail < theirs.median else "  MISSED"
        say(f"{f'REST creation, {name}':32} {shown}; {load()}")
    site.set_discussion(comment_previously_approved=True)
    reference.set_options(wpref_anon=0, wpref_noflood=0, comment_previously_approved=1)


def set_paging(is_paged: bool, sites: Sequence[Site], reference: Reference) -> bool:
    """Part comments into pages everywhere, or not; tell whether WordPress could be told."""
    options = PAGED if is_paged else WHOLE
    for site in sites:
        site.set_discussion(**options | {"page_comments": is_paged})
    return reference.set_options(**options)


def measure_comments(only: str = "") -> None:
    """Measure reading and writing beside WordPress, and cached answers beside nginx.

    Where `only` is given, the cases that have it in their names.
    """
    reference = Reference()
    reference.set_options(theme="twentytwentyone", **WHOLE)
    with ExitStack() as stack:
        data, seeded = stack.enter_context(prepared_data("--few", "20"))
        other = data.with_name("uncached")
        shutil.copytree(data, other)
        cached = stack.enter_context(Site(data, read_cache=True))
        uncached = stack.enter_context(Site(other, read_cache=False))
        static = None
        if StaticServer.is_installed():
            static = stack.enter_context(StaticServer(data.with_name("nginx")))
        else:
            say("nginx is absent: what is cached is measured against nothing.")
        say(f"Requests a second (99 % within ms), the best of {ROUNDS}; {load()}")
        say(f"{'':32} {'ours':>16} {'theirs':>16} {'ratio':>20}")
        for case in reading_cases(seeded, reference):
            if only not in case.name:
                continue
            if case.is_paged and not set_paging(True, (cached, uncached), reference):
                case = replace(case, reference="")
            measure_reading(case, cached, uncached, reference, static)
            if case.is_paged:
                set_paging(False, (cached, uncached), reference)
        if only in "REST creation":
            measure_writing(cached, reference, seeded)
