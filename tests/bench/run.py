"""`make bench`: requests a second of the hot paths, beside a WordPress that runs next to us.

A site of its own is started with seeded content (50 posts, 1,000 threaded comments on the first),
once with the read cache and once without. The reference WordPress is measured in the same run
where one answers at REFERENCE_URL (default http://127.0.0.1:8090), so that the last column is a
ratio on one machine at one time; the absolute figures say little on a shared machine.
Load comes from wrk (Debian: apt install wrk) over loopback, bounded in time.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench import media

ROOT = Path(__file__).resolve().parents[2]
REFERENCE_URL = os.environ.get("REFERENCE_URL", "http://127.0.0.1:8090")
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
CONNECTIONS = 8


@dataclass(frozen=True)
class Case:
    """A path of ours and the same thing in the reference, "" where it has none."""

    name: str
    path: str
    reference: str = ""


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=3):
            return True
    except URLError as error:
        return hasattr(error, "code")
    except OSError:
        return False


class Site:
    """A started site with seeded content, in a data folder of its own."""

    def __init__(self, data: Path, *, read_cache: bool) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "CMS_DATA_DIR": str(data), "PORT": str(self.port), "DEMO": "0",
            "COMMENTS_FLOOD_SECONDS": "0", "READ_CACHE": "on" if read_cache else "off",
        }  # fmt: skip
        self.environment.pop("SECRET_KEY", None)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def __enter__(self) -> "Site":
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "start"],
            env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 120
        while not answers(f"{self.url}/healthz"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The site to be measured did not start.")
            time.sleep(0.2)
        return self

    def __exit__(self, *error: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


def final(url: str) -> str:
    """Return where an address leads: wrk would measure the redirect alone."""
    with urlopen(url, timeout=60) as answer:
        return str(answer.url)


def measure(url: str) -> tuple[float, float]:
    """Return requests a second and the 99th percentile in milliseconds."""
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    if rate is None or tail is None:
        raise SystemExit(f"wrk gave no figures for {url}:\n{output}")
    factor = {"us": 0.001, "ms": 1.0, "s": 1000.0}[tail[2]]
    return float(rate[1]), float(tail[1]) * factor


def measure_policies() -> None:
    """Measure policies in a data folder of their own, inside Django and without the read cache."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        with Site(Path(folder), read_cache=False) as site:
            pass
        code = "from tests.bench.policies import main; main()"
        say(f"\n{site.manage('shell', '-v0', '-c', code)}")


def main() -> int:
    if shutil.which("wrk") is None:
        say("wrk is absent: apt install wrk")
        return 2
    has_reference = answers(REFERENCE_URL)
    if not has_reference:
        say(f"No reference WordPress answers at {REFERENCE_URL}; its columns stay empty.")
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        data = Path(folder)
        with Site(data, read_cache=True):
            pass
        seeded = json.loads(Site(data, read_cache=True).manage("seed_benchmark", "--json"))
        key, page = seeded["first_post"], seeded["first_url"]
        cases = [
            Case("post page, 1,000 comments", page, "/?p=11"),
            Case("REST comments, 100", f"/wp-json/wp/v2/comments?post={key}&per_page=100",
                 "/wp-json/wp/v2/comments?post=11&per_page=100"),
            Case("REST posts, 10", "/wp-json/wp/v2/posts?per_page=10",
                 "/wp-json/wp/v2/posts?per_page=10"),
            Case("REST one post", f"/wp-json/wp/v2/posts/{key}", "/wp-json/wp/v2/posts/11"),
            Case("shop page", "/cart/shop/"),
        ]  # fmt: skip
        say(f"{CONNECTIONS} connections, {SECONDS} s each; requests a second (99 % within ms)")
        say(f"{'':28} {'cached':>18} {'uncached':>18} {'reference':>18} {'ratio':>8}")
        rates: dict[str, list[tuple[float, float]]] = {}
        for read_cache in (True, False):
            with Site(data, read_cache=read_cache) as site:
                for case in cases:
                    url = final(f"{site.url}{case.path}")
                    rates.setdefault(case.name, []).append(measure(url))
        for case in cases:
            cached, uncached = rates[case.name]
            theirs = (
                measure(final(f"{REFERENCE_URL}{case.reference}"))
                if has_reference and case.reference
                else None
            )
            shown = [f"{rate:10.0f} ({tail:5.0f})" for rate, tail in (cached, uncached)]
            shown.append(f"{theirs[0]:10.0f} ({theirs[1]:5.0f})" if theirs else "-")
            ratio = f"{uncached[0] / theirs[0]:.1f}" if theirs and theirs[0] else "-"
            say(f"{case.name:28} {shown[0]:>18} {shown[1]:>18} {shown[2]:>18} {ratio:>8}")
    measure_policies()
    media.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
