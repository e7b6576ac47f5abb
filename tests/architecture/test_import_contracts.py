import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_contracts_are_kept():
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


def test_import_contract_breaks_when_a_room_imports_another(tmp_path):
    """The contracts must be able to fail: a copy of the rooms with one wrong import breaks them."""
    rooms = ["cms", "core", "accounts", "pages", "comments", "media", "privacy", "wordpress"]
    for room in [*rooms, "plugins"]:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("", encoding="utf-8")
    for module in ["media/stripping", "core/extensions", "core/rest"]:
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "comments" / "services.py").write_text("import pages\n", encoding="utf-8")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_packages =\n    "
        + "\n    ".join([*rooms, "plugins"])
        + "\n\n[importlinter:contract:1]\nname = layers\ntype = layers\nlayers =\n"
        "    cms\n    wordpress\n    accounts | pages | comments | media | privacy | plugins\n"
        "    core\n",
        encoding="utf-8",
    )

    result = lint_imports(tmp_path)

    assert result.returncode != 0
    assert "comments.services -> pages" in result.stdout
