"""The site and the manual pages build without network and warnings; links lead somewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

import cleaner
from cleaner.api import rules
from cleaner.cli.group import cli
from tests.running import ROOT


def build(kind: str, folder: Path) -> Path:
    pytest.importorskip("sphinx", reason="the extra `docs` is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "docs", kind, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        # Whoever asks the network gets no answer.
        env={"PATH": "", "HOME": str(folder), "https_proxy": "http://[::1]:9", "PYTHONUTF8": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


class _Page(HTMLParser):
    """What a page links to, what it loads, and the names of its places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places.add(given.get("id") or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag in ("script", "img", "link"):
            self.loaded.append(given.get("src") or given.get("href") or "")


def test_the_site(tmp_path: Path) -> None:
    # One test, since it takes some seconds to build.
    site = build("html", tmp_path / "site")
    links_lead_somewhere_and_nothing_is_loaded_from_elsewhere(site)
    every_rule_command_and_public_name_has_its_place(site)


def links_lead_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: _Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > len(rules()) + 20
    for path, page in pages.items():
        for link in [*page.links, *page.loaded]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert link not in page.loaded, f"{path}: loads {link}"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path}: {link}"
            if target in pages and parts.fragment:
                assert unquote(parts.fragment) in pages[target].places, f"{path}: {link}"


def every_rule_command_and_public_name_has_its_place(site: Path) -> None:
    for code, rule in rules().items():
        page = (site / f"rules/{code}.html").read_text("utf-8")
        assert rule.name in page
    top = click.Context(cli)
    for name in cli.list_commands(top):
        page = (site / f"commands/cleaner-{name}.html").read_text("utf-8")
        command = cli.get_command(top, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert f'id="cmdoption-cleaner-{name}-{parameter.opts[0].lstrip("-")}"' in page
    reference = (site / "reference/api.html").read_text("utf-8")
    for name in set(cleaner.__all__) - {"__version__"}:
        assert f'id="cleaner.{name}"' in reference or f'">{name}</span>' in reference


def test_manual_pages_are_sound(tmp_path: Path) -> None:
    pages = sorted(build("man", tmp_path / "man1").glob("*.1"))
    assert len(pages) >= len(cli.list_commands(click.Context(cli)))
    for page in pages:
        text = page.read_text("utf-8")
        assert ".SH SYNOPSIS" in text
        assert ".SH OPTIONS" in text
    if shutil.which("man") is None:
        pytest.skip("no man to read them with")
    for page in pages:
        read = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page)],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        assert (read.returncode, read.stderr) == (0, ""), page
