import json
import shutil

import pytest
from django.core.management import call_command

from tests.media.leaks import PLACE_TAGS, exiftool, faults_of

pytestmark = pytest.mark.samples


def test_every_real_picture_is_stripped(samples, tmp_path, capsys):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for path in sorted((samples / "sample-images").iterdir()):
        if path.suffix != ".csv":
            shutil.copy(path, source)
    names = {path.name for path in source.iterdir()}
    assert names

    call_command("strip_images", str(source), str(out), json=True)

    report = json.loads(capsys.readouterr().out)
    assert report["refused"] == []
    assert set(report["stripped"]) == {path.name for path in out.iterdir()} == names
    for name in names:
        assert faults_of((source / name).read_bytes(), (out / name).read_bytes()) == []
    assert exiftool(out, *PLACE_TAGS) == {}


def test_command_refuses_other_files_in_words_and_exits_0(tmp_path, capsys):
    source = tmp_path / "in"
    source.mkdir()
    (source / "film.jpg").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")

    call_command("strip_images", str(source), str(tmp_path / "out"), json=True)

    refused = json.loads(capsys.readouterr().out)["refused"]
    assert refused[0]["code"] == "unknown_type"
    assert "JPEG" in refused[0]["message"]
