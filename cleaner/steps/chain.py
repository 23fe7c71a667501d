"""The steps in their order, run until the text is stable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from cleaner.core.edits import Edit
from cleaner.core.inline_ignores import Use, blanked, inline_ignores
from cleaner.core.rules import Example, Rule, Selection
from cleaner.steps import hyphens
from cleaner.steps.boilerplate import RULES as BOILERPLATE_RULES
from cleaner.steps.boilerplate import remove_boilerplate
from cleaner.steps.characters import (
    controls,
    entities,
    mojibake,
    print_traces,
    typesetting,
    undecodable,
)
from cleaner.steps.characters import invisible as characters
from cleaner.steps.characters import unicode_forms as forms
from cleaner.steps.characters import whitespace as spaces
from cleaner.steps.context import Context, Step
from cleaner.steps.layout import canonical
from cleaner.steps.layout import lay_out as layout
from cleaner.steps.learn import NO_TABLES, Tables
from cleaner.steps.leaving import Leaving
from cleaner.steps.lost_spaces import RULES as GLUE_RULES
from cleaner.steps.lost_spaces.corpus.learn import teaches_as_it_is
from cleaner.steps.lost_spaces.repair import repair_glue
from cleaner.steps.own import OWN_STEPS
from cleaner.steps.own import RULES as OWN_RULES

# Every other step reads the characters, so they come first; what is learned of a corpus is learned
# from the texts that they leave.
CHARACTER_STEPS: tuple[Step, ...] = (
    undecodable.repair_undecodable,
    print_traces.join_overstrike,
    controls.remove_controls,
    mojibake.repair_mojibake,
    entities.decode_entities,
    spaces.unify_line_ends,
    characters.remove_invisible,
    characters.remove_directional,
    forms.compose_nfc,
    forms.replace_forms,
    spaces.unify_spaces,
    spaces.strip_line_ends,
    print_traces.halve_doubled_lines,
    print_traces.join_ligatures,
    typesetting.close_up_letters,
)


def text_steps(tables: Tables, settled: str | None = None) -> tuple[Step, ...]:
    """Return the steps that read words and lines, with what was learned for them.

    Boilerplate goes before the layout that its lines would disturb; words are repaired when lines
    are joined; white space comes last. In a `settled` text nothing but tables can find boilerplate.
    """
    return (
        partial(remove_boilerplate, tables=tables.lines, settled=settled),
        layout.lay_out,
        partial(hyphens.rejoin_hyphens, tables=tables.glue),
        partial(repair_glue, tables=tables.glue),
        canonical.canonicalize_paragraphs,
        canonical.canonicalize_blank_lines,
    )


_CHAIN = (*CHARACTER_STEPS, *text_steps(NO_TABLES), *OWN_STEPS)
# Steps that tables are handed to are partial functions.
_TABLELESS = frozenset(place for place, step in enumerate(_CHAIN) if not isinstance(step, partial))
_BOILERPLATE = len(CHARACTER_STEPS)
_LAYOUT = _CHAIN.index(layout.lay_out)
_GLUE = _CHAIN.index(canonical.canonicalize_paragraphs) - 1
_OWN = len(_CHAIN) - len(OWN_STEPS)

# The rules without which a step does nothing, by the module that it stands in.
_RULES_OF = {
    **{
        module.__name__: module.RULES
        for module in (
            undecodable, print_traces, controls, mojibake, entities, spaces, characters, forms,
            typesetting,
        )
    },
    remove_boilerplate.__module__: BOILERPLATE_RULES,
    hyphens.rejoin_hyphens.__module__: hyphens.RULES,
    repair_glue.__module__: GLUE_RULES,
}  # fmt: skip


def _idle(context: Context) -> frozenset[int]:
    """Return the places of steps of which no rule acts; files of rules have codes of their own."""
    return _idle_of(context.rules, bool(context.settings.boilerplate.rules))


@lru_cache(maxsize=8)
def _idle_of(selection: Selection, has_own_rules: bool) -> frozenset[int]:
    idle = set()
    for place, step in enumerate(_CHAIN):
        module = getattr(step, "func", step).__module__
        rules = _RULES_OF.get(module, ())
        if rules and not any(selection.acts(rule.code) for rule in rules):
            idle.add(place)
    if has_own_rules:
        idle.discard(_BOILERPLATE)
    return frozenset(idle)


UNSTABLE = Rule(
    code="FMT599",
    name="unstable-text",
    summary="text that the rules keep changing, which is left as it is",
    rationale=(
        "Cleaning what is clean must change nothing. Where the rules have not come to rest after "
        "eight rounds, no repair is better than one that the next run undoes or goes on with."
    ),
    notes=True,
)

_IDLE = (
    '==> cleaner.toml <==\nselect = ["FMT508", "FMT598"]\n'
    "==> a.md <==\n<!-- cleaner: ignore FMT508 -->\n{}"
)

UNUSED_IGNORE = Rule(
    code="FMT598",
    name="unused-ignore",
    summary="comment that ignores nothing",
    rationale=(
        "A comment `cleaner: ignore` whose rules find nothing where it stands, or whose codes are "
        "none, promises what is not so: it was made for a defect that is gone by now, or it is "
        "misspelt. It stays where it is, as all such comments do."
    ),
    examples=(
        Example(
            _IDLE.format("The tide came in.\n"),
            _IDLE.format("The tide came in.\n"),
            "nothing to ignore by FMT508",
        ),
        Example(
            _IDLE.format("The  tide came in.\n"),
            _IDLE.format("The  tide came in.\n"),
        ),
    ),
    notes=True,
)

RULES: tuple[Rule, ...] = (
    UNUSED_IGNORE,
    UNSTABLE,
    *undecodable.RULES,
    *mojibake.RULES,
    *print_traces.RULES,
    *entities.RULES,
    *controls.RULES,
    *characters.RULES,
    *forms.RULES,
    *spaces.RULES,
    *typesetting.RULES,
    *BOILERPLATE_RULES,
    *hyphens.RULES,
    *GLUE_RULES,
    *canonical.RULES,
    *layout.RULES,
    *OWN_RULES,
)

_MOST_ROUNDS = 8


class Normalized(NamedTuple):
    """A text after all steps; ``steps`` holds the edits of each step that changed something.

    ``notes`` are edits that change nothing: findings about the document as a whole. ``no_op_steps``
    is a set of bits, one for each step by its place in the chain that leaves this text as it is,
    with nothing to say of it, whatever the tables; of boilerplate, but for lines that the tables
    have, and of lost spaces, where there are no tables and all their rules act. ``ignores_used``
    are the text's own ignores that edits gave way to, with the codes of these; of a text that has
    some, no step is known to leave it as it is.
    """

    text: str
    steps: tuple[tuple[Edit, ...], ...]
    notes: tuple[Edit, ...]
    no_op_steps: int = 0
    ignores_used: frozenset[Use] = frozenset()


def repair_characters(text: str, context: Context) -> Normalized:
    """Run the character steps once."""
    unchanged_steps: dict[int, tuple[Edit, ...]] = {}
    leaving = Leaving(context)
    text, steps = _run(text, leaving, CHARACTER_STEPS, unchanged_steps, _idle(context))
    rest = _no_op_steps(text, leaving, unchanged_steps)
    return Normalized(text, tuple(steps), _notes(unchanged_steps), rest, frozenset(leaving.used))


def look_at_layout(text: str, context: Context, no_op_steps: int) -> int:
    """Return `no_op_steps` with whether the layout of `text` stays, if its lines need a look."""
    leaving = Leaving(context)
    if leaving.holds_back(text):
        return no_op_steps
    return no_op_steps | (not layout.lay_out(text, context).edits) << _LAYOUT


def normalize(
    text: str, context: Context, tables: Tables = NO_TABLES, *, no_op_steps: int = 0
) -> Normalized:
    r"""Run all steps over `text`, again and again, until they change nothing.

    So the result is stable by construction: normalizing it once more leaves it as it is. A text
    that does not come to rest is returned as it was, with a note (FMT599). The steps that an
    earlier result of the same text and context called `no_op_steps` are not run on it again.

    >>> normalize("salt &amp;amp;  pepper\r\n", Context()).text
    'salt & pepper\n'
    """
    settled = text if no_op_steps >> _BOILERPLATE & 1 else None
    chain = (*CHARACTER_STEPS, *text_steps(tables, settled), *OWN_STEPS)
    unchanged_steps: dict[int, tuple[Edit, ...]] = {
        place: () for place in _TABLELESS if no_op_steps >> place & 1
    }
    steps: list[tuple[Edit, ...]] = []
    current = text
    leaving = Leaving(context)
    idle = _idle(context)
    for _ in range(_MOST_ROUNDS):
        current, changes = _run(current, leaving, chain, unchanged_steps, idle)
        if not changes:
            known = no_op_steps >> _GLUE & 1 if not steps else 0
            whole = known or (tables is not NO_TABLES and teaches_as_it_is(current, tables.glue))
            rest = _no_op_steps(current, leaving, unchanged_steps) | whole << _GLUE
            notes, used = _notes(unchanged_steps), frozenset(leaving.used)
            return Normalized(current, tuple(steps), notes, rest, used)
        steps.extend(changes)
    note = Edit(
        0, 0, "", "", UNSTABLE.code, f"not at rest after {_MOST_ROUNDS} rounds of all steps"
    )
    return Normalized(text, (), (note,) if context.rules.acts(UNSTABLE.code) else ())


def codes_wanted(text: str, context: Context, tables: Tables) -> frozenset[str]:
    """Return the codes of all that the steps, each asked by itself, would do to `text`."""
    chain = (*CHARACTER_STEPS, *text_steps(tables), *OWN_STEPS)
    seen = blanked(text, inline_ignores(text, context.comments))
    return frozenset(edit.code for step in chain for edit in step(seen, context).edits)


def _run(
    text: str,
    leaving: Leaving,
    chain: Sequence[Step],
    unchanged_steps: dict[int, tuple[Edit, ...]],
    idle: frozenset[int],
) -> tuple[str, list[tuple[Edit, ...]]]:
    """Run the steps once; return the text and the changes of each step that made any.

    Those at `idle` places have no rule that acts.

    `unchanged_steps` holds by place the steps known to leave the text as it is, with their notes.
    They are functions of the text, so they are not asked again before it changes.
    """
    steps = []
    for place, step in enumerate(chain):
        if place in unchanged_steps:
            continue
        if place in idle:
            unchanged_steps[place] = ()
            continue
        result = leaving.ask(step, text)
        changes = tuple(edit for edit in result.edits if edit.before != edit.after)
        if changes:
            steps.append(changes)
            stays = _OWN if _ends_last_line(text, changes) else 0
            for known in [known for known in unchanged_steps if known >= stays]:
                del unchanged_steps[known]
            text = result.text
        else:
            unchanged_steps[place] = tuple(result.edits)
    return text, steps


def _ends_last_line(text: str, changes: Sequence[Edit]) -> bool:
    """Whether `changes` only put a line end behind the last line, which no step asks about."""
    return len(changes) == 1 and changes[0].start == len(text) and changes[0].after == "\n"


def _notes(unchanged_steps: Mapping[int, tuple[Edit, ...]]) -> tuple[Edit, ...]:
    return tuple(note for _, notes in sorted(unchanged_steps.items()) for note in notes)


def _no_op_steps(
    text: str, leaving: Leaving, unchanged_steps: Mapping[int, tuple[Edit, ...]]
) -> int:
    if leaving.holds_back(text):
        return 0
    no_op_steps = _TABLELESS | {_BOILERPLATE}
    return sum(
        1 << place for place, notes in unchanged_steps.items() if not notes and place in no_op_steps
    )


def is_whole(no_op_steps: int) -> bool:
    """Whether `no_op_steps`, which `normalize` gave for a text, says that it teaches as it is."""
    return bool(no_op_steps >> _GLUE & 1)


def is_laid_out(no_op_steps: int) -> bool:
    """Whether `no_op_steps`, which `normalize` gave for a text, says that its layout stays."""
    return bool(no_op_steps >> _LAYOUT & 1)
