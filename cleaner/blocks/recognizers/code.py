"""Code and markup: programs, commands, settings, JSON, HTML, armoured data, drawings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.blocks.lines import Line

_CODE = re.compile(
    r"""
    [^\s#/][^=(\[<>{\n]*[=(\[<>{].*;\s*(?:(?://|/\*|\#).*)?\Z | \w+(?:\(\))?;\Z  # statements
  | [^\s#/].*[^\s:]\s*\{\Z                                        # and openings
  | [\]})]+[;,)]*\Z | [;{(\[]\Z
  | (?:def|class|async\ def)\s+\w.*:\Z
  | (?:if|elif|for|while|with|except|match|case|lambda)\b.*:\Z | (?:else|try|finally)\s*:\Z
  | (?:then|do|done|fi|esac|begin|end)\Z
  | (?:from\s+[\w.]+\s+)?import\s+[\w.*{]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.*]+)*\s*;?\Z
  | (?:return|raise|yield|assert|del|pass|break|continue|throw|goto)\b(?!\s+[a-z]+\s+[a-z]+\s+[a-z])
  | \#\s*(?:include|define|ifn?def|endif|pragma|if|else|undef)\b
  | (?:public|private|protected|static|const|var|let|function|void|int|char|float|double|bool
      |unsigned|struct|enum|typedef|extern|template|using|namespace|fn|impl|pub|func|package
      |local|export|set|unset|echo|sudo|cd|mkdir|pip|npm|apt|apt-get|git|make|docker|curl|wget)
      \s+[\w$<"'./:*&-].*[=(){};$/<>|&-]
  | (?:SELECT|INSERT\ INTO|UPDATE|DELETE\ FROM|CREATE|ALTER|DROP|FROM|WHERE|(?:ORDER|GROUP)\ BY
      |(?:LEFT|RIGHT|INNER|OUTER|FULL)?\ ?JOIN|VALUES|HAVING|LIMIT|UNION|BEGIN|COMMIT)\b
      (?=.*[=<>,;()*]|\s+\w+\Z)
  | >>>(?:\s|\Z) | [$%]\s+[a-z./] | (?:[\w.-]+@(?:[\w.-]++\s\S*|[\w.-]\S*))?[$\#]\s+[a-z./]
  | //|/\*|\*/|--\s|;;|<!--|-->|\#!|"{3}|'{3}|@\w+(?:\(.*\))?\Z
  | \w[\w.\[\]'"]*\s*(?:[-+*/|&^%]|//|<<|>>|:)?=(?:\s|["'\w({\[$&*-])
  | </?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?> | <[!?]
  | ["'][\w$.-]+["']\s*:\s* | [\[{]["'{\[] | \[\d+,
  | (?:\w+(?:\.|->|::))*\w+\([^()]*\)[;,:]?\Z
  | [A-Z_][A-Z0-9_]*=\S | -{1,2}\w[\w-]*(?:[=\s]\S+)?\Z | [.]/\S+ | \w+\(\)
  | [.][a-z]+\s | [a-z]{2,5}\s+(?:%|\$|0x|r\d|[er][abcd]x)
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(r"<?(?:\w+://|www\.)\S+\Z")
_INSIDE = re.compile(
    r"==|!=|:=|=>|->|<-|\+\+|\+=|-=|&&|\|\||\w::\w|\w\(\)|\)\s*\{|\w\[\w+\]|\s--\w[\w-]*(?:=|\s|\Z)|\s-\w(?=\s|\Z)|[$]\{?\w"
    r"|\w=[\w\"'/$({\[]|</\w|\\n|\b\w+_\w+\(|\w+\.\w+\(|\s[<>]=?\s|\s=\s|%[sd]\b|0x[0-9a-fA-F]"
)
_JSON = re.compile(
    r'[\[{]\Z|[\]}]+,?\Z|"[^"]*"\s*(?::|,?\Z)|(?:-?\d[\d.eE+-]*|true|false|null),?\Z'
    r"|<[!?/A-Za-z][^<>]*>"
)
_TAGGED = re.compile(r'"[^"]*"\s*:|<[!?/A-Za-z]|[\[{]"')
_YAML = re.compile(r"(?:- )?[\w.\"'/-]+:(?:\s+[^\s].*)?\Z|- \S+\Z|- [\w.\"'-]+:\s")
# What code and markup are not without.
_SOME_CODE = re.compile(
    r"[={}<>$\\@#;_\[\]]|\w\(|//|/\*|\*/|--|::|[>)]\Z|[\w.]/\w|[\"']{3}|[^\w\s]\w+:|:$"
    r"|^(?:import|from|return|cd|make|sudo|npm|pip|apt|git|echo|export|else|try|pass|break|then|do"
    r"|done|fi|esac|begin|end|continue|raise|yield|del|goto|[.]\w+|[a-z]{2,5}\s+[er][abcd]x)\b",
    re.MULTILINE,
)
# Without any of these, at most a word at the head of a line is of those above.
_CODE_SIGN = re.compile(r"[={}<>$\\@#;_\[\]()/*:\"-]|'{3}")
_SOME_MARKUP = re.compile(r"[{}<>\[\]]|:(?:\s|\Z)|\"$|\",$", re.MULTILINE)
_LETTERS = re.compile(r"[^\W\d_]")
_MOST = 0.6


def is_code(lines: Sequence[Line], text: str) -> bool:
    """Whether most lines of a run are those of a program, a shell, or data in armour.

    What an interpreter was asked, behind its prompt, stands above what it said.
    """
    if lines[0].body.startswith(">>> "):
        return True
    if _are_code(lines) and _SOME_CODE.search(text):
        return True
    return _is_armour(lines) or _is_drawing(lines)


def _are_code(lines: Sequence[Line]) -> bool:
    """Whether most lines look like code."""
    spare = len(lines) - max(1, _MOST * len(lines))
    for line in lines:
        if not _some_code(line.body) or not is_code_line(line.body):
            spare -= 1
            if spare < 0:
                return False
    return True


def _some_code(body: str) -> bool:
    find = _SOME_CODE.search if _CODE_SIGN.search(body) else _SOME_CODE.match
    return find(body) is not None


def has_code(lines: Sequence[Line]) -> bool:
    """Whether one line in four or more looks like code."""
    return 4 * sum(is_code_line(line.body) for line in lines) >= len(lines)


def is_code_line(body: str) -> bool:
    """Whether a line looks like one of a program.

    >>> is_code_line("return x + 1;"), is_code_line("return to the old harbour at night")
    (True, False)
    """
    if _ADDRESS.match(body):
        return False
    if _CODE.match(body):
        return True
    found = len(_INSIDE.findall(body, 0, 400))
    return found >= 2 or (found == 1 and len(body.split()) <= 6)


def is_markup(lines: Sequence[Line], text: str) -> bool:
    """Whether the lines are JSON, HTML or YAML, nested by indents."""
    if not _SOME_MARKUP.search(text):
        return False
    marked = sum(_JSON.match(line.body) is not None for line in lines)
    if marked >= _MOST * len(lines) and any(_TAGGED.match(line.body) for line in lines):
        return True
    nested = len({line.indent for line in lines}) > 1
    return nested and sum(_YAML.match(line.body) is not None for line in lines) >= 0.8 * len(lines)


def _is_armour(lines: Sequence[Line]) -> bool:
    """Lines of one long token each, as base64 makes them."""
    if len(lines) < 2 or any(" " in line.body for line in lines):
        return False
    longest = max(len(line.body) for line in lines)
    return (
        longest >= 40
        and all(line.body.isascii() for line in lines)
        and not any("://" in line.body for line in lines)
    )


def _is_drawing(lines: Sequence[Line]) -> bool:
    """Lines in which letters are few, indented each in its own way."""
    if len(lines) < 3 or sum(line.sign == "drawn" for line in lines) < 2:
        return False
    size = sum(len(line.body) for line in lines)
    letters = sum(len(_LETTERS.findall(line.body)) for line in lines)
    return 5 * letters < 2 * size and len({line.indent for line in lines}) > 1
