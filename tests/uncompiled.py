"""``python -m tests.uncompiled``: the package as it installs where there is no C compiler.

A fresh environment must give the same bytes as this one, slowly, and say so once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
COMMANDS = (
    ("clean", str(SEEDS), "-o", "clean"),
    ("restore", "clean", "-o", "back"),
    ("dedup", str(SEEDS), "-o", "unique"),
    ("dedup", "clean", "--unit", "record", "--variants", "remove", "-o", "records"),
)


def outcome(python: Path, folder: Path) -> tuple[dict[str, bytes], str]:
    """Run the commands; return every file they wrote and what they said on stderr."""
    folder.mkdir()
    said = ""
    for command in COMMANDS:
        done = subprocess.run(
            [python, "-m", "cleaner", *command],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said += done.stderr
    written = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return written, said


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        nothing = {**os.environ, "CC": "/bin/false", "CXX": "/bin/false"}
        install = [python, "-m", "pip", "install", "--quiet", str(ROOT)]
        subprocess.run(install, cwd=folder, env=nothing, check=True)
        where = "import cleaner.core.utf8_kernel as kernel; print(kernel.__file__)"
        kernel = subprocess.run([python, "-c", where], cwd=folder, capture_output=True, check=True)
        assert kernel.stdout.strip().endswith(b"utf8_kernel.py"), kernel.stdout
        expected, silence = outcome(Path(sys.executable), folder / "compiled")
        written, said = outcome(python, folder / "uncompiled")
    assert silence == "", silence
    # One note a run that has kernels to wait for; restoring has none.
    assert said.count("note: the compiled parts of cleaner are missing") == 3, said
    assert len(said.splitlines()) == 3, said
    different = {name for name in {*expected, *written} if expected.get(name) != written.get(name)}
    assert not {one for one in different if not one.endswith("index-mark")}, different
    for source in SEEDS.glob("*.txt"):
        assert written[f"back/{source.name}"] == source.read_bytes(), source
    print(f"uncompiled: {len(written)} files, the same bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
