"""The rules that come with the package, read from one file made of their rule files.

Reading rule files and finding the words that their patterns need takes most of a second, so that
is done once, by ``python -m cleaner.steps.boilerplate.rulefiles.packaged``; a test says when it
must be done again.
"""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path

import msgspec

from cleaner.steps.boilerplate.rulefiles.rulefile import FiledRule, RuleFileError, read_rule_file

_FOLDER = "boilerplate"
_FILE = "boilerplate_rules.json"


@functools.cache
def packaged_rules() -> tuple[FiledRule, ...]:
    """Return the rules that come with the package, by file name and place in the file."""
    data = (resources.files("cleaner") / "data" / _FILE).read_bytes()
    return msgspec.json.decode(data, type=tuple[FiledRule, ...])


def filed_rules() -> tuple[FiledRule, ...]:
    """Return what `packaged_rules` must return, from the rule files themselves.

    Raises `RuleFileError` for a file with problems.
    """
    rules: list[FiledRule] = []
    folder = resources.files("cleaner") / "data" / _FOLDER
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            filed, problems = read_rule_file(path)
            if problems:
                raise RuleFileError("\n".join(problems))
            rules.extend(filed)
    return tuple(rules)


def main() -> None:
    """Write the file that `packaged_rules` reads."""
    target = Path(__file__).parents[3] / "data" / _FILE
    target.write_bytes(msgspec.json.format(msgspec.json.encode(filed_rules()), indent=1) + b"\n")


if __name__ == "__main__":
    main()
