"""What benchmarks share: a started site, the reference WordPress, nginx, and wrk's figures."""

import atexit
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))
CONNECTIONS = 8
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}

NGINX = """
{user}
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class Figures:
    """What wrk saw: answers a second, and milliseconds within which a share of them came."""

    rate: float
    median: float
    tail: float

    def __str__(self) -> str:
        return f"{self.rate:,.0f} ({self.tail:.3g})"


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def load() -> str:
    """Return how loaded the machine is, which the reader of a figure has to know."""
    return f"load {os.getloadavg()[0]:.1f}"


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


def wait_for(is_there: Callable[[], bool], *, seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > until:
            raise SystemExit(f"{what} did not start.")
        time.sleep(0.1)


class Site:
    """A site in a data folder of its own; started while the block runs."""

    def __init__(self, data: Path, *, read_cache: bool, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "CMS_DATA_DIR": str(data), "PORT": str(self.port), "DEMO": "0",
            "COMMENTS_FLOOD_SECONDS": "0", "READ_CACHE": "on" if read_cache else "off",
            **environment,
        }  # fmt: skip
        self.environment.pop("SECRET_KEY", None)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def run_inside(self, module: str, *arguments: Any) -> str:
        """Call a module's main() inside Django, with this site's data; return what it printed."""
        given = ", ".join(repr(each) for each in arguments)
        return self.manage("shell", "-v0", "-c", f"from {module} import main; main({given})")

    def set_discussion(self, **values: Any) -> None:
        """Change settings of the discussion, which a started site reads at once."""
        changes = "; ".join(f"own.{name} = {value!r}" for name, value in values.items())
        self.manage(
            "shell", "-v0", "-c",
            "from comments.models import DiscussionSettings; "
            f"own = DiscussionSettings.load(); {changes}; own.save()",
        )  # fmt: skip

    def __enter__(self) -> "Site":
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "start"],
            env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(self.is_up, seconds=600, what="The site to be measured")
        except BaseException:
            self.__exit__()
            raise
        return self

    def is_up(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit("The site to be measured ended by itself.")
        return answers(f"{self.url}/healthz")

    def __exit__(self, *error: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


@contextmanager
def prepared_data(*seeding: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a data folder with seeded content, and what seed_benchmark says of it."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        data = Path(folder, "data")
        shutil.copytree(empty_site(), data)
        seeded = Site(data, read_cache=False).manage("seed_benchmark", "--json", *seeding)
        yield data, json.loads(seeded)


@lru_cache(maxsize=1)
def empty_site() -> Path:
    """Return a folder with an empty site, made once a run, or once for all in BENCH_BASE."""
    named = os.environ.get("BENCH_BASE")
    if named and Path(named).exists():
        return Path(named)
    folder = Path(named or tempfile.mkdtemp(prefix="candour-bench-"))
    if not named:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Site(folder, read_cache=False):
        pass
    return folder


class Reference:
    """The WordPress at REFERENCE_URL, where one answers.

    REFERENCE_PHP is a command that runs a file of PHP with that WordPress loaded. Without it its
    settings stay as they are, and what needs others has no figure.
    """

    def __init__(self) -> None:
        self.url = os.environ.get("REFERENCE_URL", "http://127.0.0.1:8090")
        self.php = shlex.split(os.environ.get("REFERENCE_PHP", ""))
        self.is_there = answers(self.url)
        if not self.is_there:
            say(f"No reference WordPress answers at {self.url}; its columns stay empty.")
        elif not self.php:
            say("REFERENCE_PHP is not set: cases that need settings of WordPress have no ratio.")

    def post_id(self, slug: str) -> int:
        found = json.loads(fetch(f"{self.url}/wp-json/wp/v2/posts?slug={slug}")[0])
        return int(found[0]["id"])

    def set_options(self, **values: Any) -> bool:
        """Change settings and the theme; tell whether that could be done."""
        if not (self.is_there and self.php):
            return False
        theme = values.pop("theme", "")
        lines = [f"update_option('{name}', {json.dumps(value)});" for name, value in values.items()]
        if theme:
            lines.append(f"switch_theme('{theme}');")
        with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
            Path(folder).chmod(0o755)
            script = Path(folder, "options.php")
            script.write_text("<?php " + " ".join(lines))
            subprocess.run([*self.php, str(script)], check=True, stdout=subprocess.DEVNULL)
        return True


class StaticServer:
    """nginx with files of chosen sizes, as the measure of what a machine can serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    @staticmethod
    def is_installed() -> bool:
        return nginx_path() is not None

    def url_of(self, size: int) -> str:
        """Return the address of a file of so many bytes."""
        file = self.folder / "files" / f"{size}.html"
        if not file.exists():
            file.write_bytes(b"x" * size)
        return f"http://127.0.0.1:{self.port}/{file.name}"

    def __enter__(self) -> "StaticServer":
        (self.folder / "files").mkdir(parents=True)
        for part in (self.folder, *self.folder.parents[:1], self.folder / "files"):
            part.chmod(0o755)
        config = self.folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(NGINX.format(folder=self.folder, port=self.port, user=user))
        self.process = subprocess.Popen(
            [nginx_path() or "nginx", "-c", str(config), "-e", str(self.folder / "error.log")]
        )
        wait_for(lambda: answers(f"http://127.0.0.1:{self.port}/"), seconds=10, what="nginx")
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def nginx_path() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def fetch(url: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, str]:
    """Return the body of an answer, as it was sent, and the address it came from in the end."""
    with urlopen(Request(url, headers=dict(headers or {})), timeout=120) as answer:
        return answer.read(), str(answer.url)


def wrk(
    url: str, *, seconds: int = SECONDS, script: Path | None = None, accepts: str = "",
    environment: Mapping[str, str] | None = None,
) -> Figures:  # fmt: skip
    """Return what wrk sees over CONNECTIONS connections; answers that are errors end the run."""
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    if accepts:
        command += ["-H", f"Accept-Encoding: {accepts}"]
    if script is not None:
        command += ["-s", str(script)]
    done = subprocess.run(
        [*command, url], capture_output=True, text=True, check=True,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    if faults := re.search(r"(Non-2xx.*|Socket errors.*)", done.stdout):
        raise SystemExit(f"{url}: {faults[1]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    shares = {
        share: float(value) * UNITS[unit]
        for share, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s|m)\b", done.stdout)
    }
    if rate is None or len(shares) < 2:
        raise SystemExit(f"wrk gave no figures for {url}:\n{done.stdout}")
    return Figures(float(rate[1]), shares["50"], shares["99"])


def best(figures: list[Figures]) -> Figures:
    """Return the best of several: what else the machine does only takes away."""
    return max(figures, key=lambda each: each.rate)


def verdict(value: float, wanted: float, *, at_most: bool = False) -> str:
    """Return a figure beside the wanted one, with a mark where it is missed."""
    is_met = value <= wanted if at_most else value >= wanted
    sign = "<=" if at_most else ">="
    return f"{value:.3g} {sign} {wanted:g}{'' if is_met else '  MISSED'}"


def row(name: str, value: str, wanted: str = "") -> None:
    say(f"{name:58} {value:>22} {wanted:>18}")
