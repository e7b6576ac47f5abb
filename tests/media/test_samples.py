import json
import shutil
import subprocess

import pytest
from django.core.management import call_command

from tests.media.leaks import pixels

pytestmark = pytest.mark.samples


def test_every_real_jpeg_is_stripped_or_refused(samples, tmp_path, capsys):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for path in sorted((samples / "sample-images").glob("*.jpg")):
        shutil.copy(path, source)
    names = {path.name for path in source.iterdir()}
    assert names

    call_command("strip_images", str(source), str(out), json=True)

    report = json.loads(capsys.readouterr().out)
    assert set(report["stripped"]) | {each["file"] for each in report["refused"]} == names
    assert {path.name for path in out.iterdir()} == set(report["stripped"])
    for name in report["stripped"]:
        assert (pixels((source / name).read_bytes()) == pixels((out / name).read_bytes())).all()
    found = places(out)
    assert found == {}


def places(folder):
    """Return what exiftool finds of a place in a folder's files, by file."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is absent: apt install libimage-exiftool-perl")
    tags = ["-GPS*", "-City", "-State", "-Country*", "-Location*", "-Sub-location", "-Province*"]
    result = subprocess.run(
        ["exiftool", "-j", "-a", "-ee", "-U", "-G1", *tags, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = json.loads(result.stdout or "[]")
    return {row.pop("SourceFile"): row for row in rows if len(row) > 1}


def test_command_refuses_other_formats_in_words_and_exits_0(samples, tmp_path, capsys):
    source = tmp_path / "in"
    source.mkdir()
    shutil.copy(samples / "sample-images" / "png-exif-chunk.png", source)

    call_command("strip_images", str(source), str(tmp_path / "out"), json=True)

    refused = json.loads(capsys.readouterr().out)["refused"]
    assert refused[0]["code"] == "not_supported_yet"
    assert "JPEG" in refused[0]["message"]
