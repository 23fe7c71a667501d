"""Corpora on a web server: read only, and by what its pages link to."""

from __future__ import annotations

from pathlib import Path

from tests.remote.servers import Faults
from tests.running import Run

A = b"The  tide came in &amp; went out.\n"
Web = tuple[str, Path, Faults]


def test_files_folders_and_patterns(web: Web, here: Path, run: Run) -> None:
    url, folder, faults = web
    (folder / "deep").mkdir()
    for name in ("a.txt", "b c.txt", "deep/d.txt", "x.png"):
        (folder / name).write_bytes(A)
    faults.busy = 2
    assert run("clean", f"{url}/a.txt?version=2", "-o", "one", "-q").status == 0
    assert (here / "one/a.txt").read_bytes() == b"The tide came in & went out.\n"
    assert run("clean", f"{url}/", "-o", "all", "-q").status == 0
    written = [one.relative_to("all").as_posix() for one in Path("all").rglob("*.txt")]
    assert sorted(written) == ["a.txt", "b c.txt", "deep/d.txt"]
    ended = run("check", f"{url}/*.txt")
    assert (ended.status, ended.errors) == (1, [])
    assert f"{url}/a.txt:1:4: FMT508" in ended.out
    assert not [one for one in faults.seen if "x.png" in one]


def test_what_is_cut_off_is_never_taken_for_whole(web: Web, here: Path, run: Run) -> None:
    url, folder, faults = web
    (folder / "a.txt").write_bytes(A * 1000)
    faults.cut = 2
    assert run("clean", f"{url}/a.txt", "-o", "out", "-q", "--select", "ENC").status == 0
    assert (here / "out/a.txt").read_bytes() == A.replace(b"&amp;", b"&") * 1000
    faults.cut = 1000
    ended = run("check", f"{url}/a.txt")
    assert (ended.status, ended.errors) == (
        3,
        [
            f"cleaner: error: {url}/a.txt: cannot be reached: the connection was cut off, "
            "however often it was tried"
        ],
    )


def test_what_gives_access_is_not_shown(web: Web, here: Path, run: Run) -> None:
    url, folder, _ = web
    (folder / "private").mkdir()
    (folder / "private/a.txt").write_bytes(A)
    host = url.removeprefix("http://")
    secret = f"http://me:word@{host}/private/a.txt?signature=1f"
    ended = run("clean", secret, f"http://me:wrong@{host}/private/a.txt", "-o", "out")
    assert ended.status == 3
    said = ended.out + ended.err
    said += "".join(
        path.read_bytes().decode("latin-1") for path in Path("out").rglob("*") if path.is_file()
    )
    for one in ("me:", "word", "wrong", "signature", "1f\n"):
        assert one not in said.replace("GLU words", "").replace("words", "")
    assert (
        f"http://{host}/private/a.txt?...: no access: the server answered 401"
        in run("check", secret.replace("word", "wrong")).err
    )
    for refused in (
        ("restore", secret, "-o", "back"),
        ("report", secret),
        ("clean", "out", "-o", secret),
        ("clean", "out", "--in-place", "--journal", secret),
        ("check", secret, "--since", "main"),
        ("clean", "out/a.txt", "-o", "out2", "--model", secret),
        ("fit", "out/a.txt", "-o", secret),
    ):
        ended = run(*refused)
        assert ended.status in (2, 3)
        assert len(ended.errors) == 1
        assert "word@" not in ended.err
        assert "signature" not in ended.err


def test_a_page_that_is_gone(web: Web, here: Path, run: Run) -> None:
    url, folder, _ = web
    (folder / "empty").mkdir()
    for path, told in (
        ("none.txt", "not found"),
        ("none/", "not found"),
        ("empty/", "no files in this folder"),
    ):
        ended = run("check", f"{url}/{path}")
        assert (ended.status, ended.errors) == (3, [f"cleaner: error: {url}/{path}: {told}"])


def test_a_source_that_changes_while_it_is_fetched(web: Web, here: Path, run: Run) -> None:
    url, folder, faults = web
    (folder / "a.txt").write_bytes(A)

    def change(method: str, path: str) -> bool:
        if method == "GET":
            (folder / "a.txt").write_bytes(b"Something else.\n")
        return False

    faults.concerns = change
    ended = run("check", f"{url}/a.txt")
    assert ended.status == 3
    assert ended.errors == [f"cleaner: error: {url}/a.txt: was changed while it was being fetched"]
