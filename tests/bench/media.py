"""Stripping pictures, beside piexif.remove and an exiftool that stays open: MB/s and milliseconds.

In one run, on one set of pictures: camera JPEGs of several sizes, made here, and those of the
folder that BENCH_PICTURES names. "strip" is what an upload pays, re-read included; "walk" is the
strip itself. exiftool does the same task: it removes all and puts back what we keep.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import piexif
from PIL import Image

from media.stripping import strip
from media.stripping.strip import strip_unseen
from tests.media.pictures import XMP, exif_block, iptc, segment, with_segments

ROUNDS = 9
SIZES = ((320, 240), (1200, 800), (3000, 2000), (5000, 3500))


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def photo(width: int, height: int) -> bytes:
    """Return a JPEG about as large as a camera makes it, with what a camera hides in it."""
    random = numpy.random.default_rng(width)
    coarse = random.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=numpy.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    grain = random.normal(0, 9, (height, width, 1))
    grained = numpy.clip(numpy.asarray(picture, dtype=float) + grain, 0, 255).astype(numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(grained).save(out, "JPEG", quality=92)
    return with_segments(
        out.getvalue(), segment(0xE1, exif_block()), segment(0xE1, XMP), segment(0xED, iptc())
    )


def best(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the shortest of several rounds in seconds of this process: the machine may be loud."""
    times = []
    for _ in range(ROUNDS):
        start = clock()
        action()
        times.append(clock() - start)
    return min(times)


def pictures() -> list[bytes]:
    named = os.environ.get("BENCH_PICTURES")
    found = sorted(Path(named).glob("*.jp*g")) if named else []
    return sorted([*(photo(*size) for size in SIZES), *(path.read_bytes() for path in found)],
                  key=len)  # fmt: skip


class StayOpenExiftool:
    """An exiftool that is started once, as fast as it can be used."""

    def __enter__(self) -> "StayOpenExiftool":
        self.process = subprocess.Popen(
            ["exiftool", "-stay_open", "True", "-@", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        return self

    def remove(self, source: Path, target: Path) -> None:
        target.unlink(missing_ok=True)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        # The same task: what we keep is put back.
        asked = ["-all=", "-tagsFromFile", "@", "-Orientation", "-ICC_Profile", "-Copyright",
                 "-Artist", "-XMP-dc:Rights", "-XMP-dc:Creator", "-XMP-xmpRights:all",
                 "-IPTC:Credit", "-o", str(target), str(source), "-execute"]  # fmt: skip
        self.process.stdin.write("\n".join(asked) + "\n")
        self.process.stdin.flush()
        while "{ready" not in self.process.stdout.readline():
            pass

    def __exit__(self, *error: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("-stay_open\nFalse\n")
        self.process.stdin.close()
        self.process.wait(10)


def main() -> None:
    say("Stripping JPEGs: milliseconds (MB/s), the best of several rounds")
    say(f"{'size':>8} {'strip':>15} {'walk':>15} {'piexif':>15} {'exiftool':>15} {'times':>6}")
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        source, target = Path(folder, "in.jpg"), Path(folder, "out.jpg")
        for data in pictures():
            source.write_bytes(data)
            figures = [
                best(lambda data=data: strip(data)),
                best(lambda data=data: strip_unseen(data)),
                best(lambda data=data: piexif.remove(data, io.BytesIO())),  # noqa: TID251  the yardstick
            ]
            if shutil.which("exiftool"):
                with StayOpenExiftool() as exiftool:
                    exiftool.remove(source, target)
                    figures.append(best(lambda: exiftool.remove(source, target), time.perf_counter))
            shown = [f"{1000 * each:7.2f} ({len(data) / 1e6 / each:5.0f})" for each in figures]
            times = f"{figures[3] / figures[0]:.0f}" if len(figures) > 3 else "-"
            shown += ["-"] * (4 - len(figures))
            say(f"{len(data) / 1e6:5.2f} MB " + " ".join(f"{each:>15}" for each in shown)
                + f" {times:>6}")  # fmt: skip


if __name__ == "__main__":
    main()
