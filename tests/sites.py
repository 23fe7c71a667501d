"""Texts for tests of repeated lines: prose of many kinds, and pages of a small site."""

from __future__ import annotations

import random

MENU = ("Quayside Herald", "Front page", "Ferries and tides", "Council", "Letters", "Small ads")
FOOTER = (
    "The Quayside Herald is printed by the harbour press.",
    "Readers may write to the desk at the old mill.",
)
_PEOPLE = "The captain|A clerk|Her sister|The pilot|Two sailors|An old weaver|The baker|Nobody"
_DEEDS = "mended a net|sold the boat|waited for the tide|lost a key|wrote to the board|lit a lamp"
_WHEN = "before the storm|in spite of the rain|at the end of May|on the north quay|after supper"


def prose(rng: random.Random, sentences: int) -> str:
    """Return a paragraph that hardly any other call returns."""
    parts = [part.split("|") for part in (_PEOPLE, _DEEDS, _WHEN)]
    return " ".join(
        " ".join(map(rng.choice, parts)) + f" and spoke of it for {rng.randint(2, 900)} days."
        for _ in range(sentences)
    )


def page(rng: random.Random, head: tuple[str, ...], tail: tuple[str, ...], title: str = "") -> str:
    """Return a text of three paragraphs between the lines of `head` and `tail`."""
    body = [title] if title else []
    body += [prose(rng, 3) for _ in range(3)]
    return "\n".join([*head, *body, *tail]) + "\n"


def site(pages: int, head: tuple[str, ...] = MENU, tail: tuple[str, ...] = FOOTER) -> list[str]:
    """Return the pages of a site with `head` above and `tail` below each text."""
    rng = random.Random(pages)
    return [page(rng, head, tail, f"Story number {number}") for number in range(pages)]
