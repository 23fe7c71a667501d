"""From an output folder to what its report shows; the journal is read in columns, a few times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.core.document import place_in
from cleaner.core.errors import UsageError
from cleaner.core.rules import FAMILIES, Rule
from cleaner.core.settings.config import Settings
from cleaner.formats.registry import FORMATS
from cleaner.journal.read import broken_journal, read_files, read_settings
from cleaner.journal.tables import FileRow, escaped
from cleaner.journal.tally import RuleTally, Tally
from cleaner.reports.html.data import ChangedDocument, Figures, ReportData, RuleSize, Sample, Shares
from cleaner.reports.record import REPORT, RepeatedLine
from cleaner.runs.report.copies import clusters_of, groups_of, histograms_of, wanted_documents
from cleaner.runs.report.rows import Rows, read_rows
from cleaner.runs.report.samples import Sampler, choose_rows, evenly, step_places
from cleaner.runs.report.survey import (
    RECORD_BITS,
    Array,
    Documents,
    Survey,
    file_and_record,
    take_survey,
)
from cleaner.runs.report.texts import Document, Outputs
from cleaner.runs.rule_registry import all_rules
from cleaner.storage.below import open_below

# Documents measured, and those named.
_MEASURED = 20_000
_NAMED = 20

# Upper bounds of shares, each class with those that are no more.
_BOUNDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.999999, 1.0)

_MOST_REPEATED = 200
_MOST_PROBLEMS = 100


def gather(output: Path, per_rule: int, figures: Figures | None = None) -> ReportData:
    """Return what the report of an output folder shows, `per_rule` edits of each rule at most.

    Raises UsageError where there is no finished run, JournalError where its journal is broken.
    """
    settings = read_settings(output, Settings)
    files = list(read_files(output))
    for file in files:
        if file.format not in FORMATS:
            raise broken_journal(output, f"unknown format {file.format!r}")
    report = _report(output)
    survey = take_survey(output, [escaped(file.file) for file in files])
    outputs = Outputs(output, files, survey.files, survey.unwritten, settings.input)
    groups, cluster_count = groups_of(survey)
    chosen = choose_rows(survey, per_rule)
    copies = np.concatenate([group.shown for group in groups] or [np.empty(0, np.int64)])
    numbers = np.unique(np.concatenate((chosen, survey.copies.rows[copies])))
    found = read_rows(output, survey, numbers, wanted_documents(survey, files, groups))
    documents = outputs.documents(found.documents, found.by_document)
    rules = all_rules()
    names = {code: rule.name for code, rule in rules.items()}
    clusters = clusters_of(survey, files, groups, found.by_number, documents, settings)
    repeated = _repeated(report)
    return ReportData(
        title=output.absolute().name or str(output),
        version=str(report.get("version", "")),
        model=str(report.get("model", "")),
        settings=_mapping(report.get("settings")),
        files=len(files),
        written=sum(file.output_sha256 is not None for file in files),
        records=sum(file.records for file in files),
        records_written=sum(file.records for file in files) - _unwritten(survey, files),
        bytes_before=_whole(report.get("bytes_before")),
        bytes_after=_whole(report.get("bytes_after")),
        rules=[_size(code, rules, of_rule) for code, of_rule in _in_order(survey.tally)],
        shares=_shares(survey, files, outputs),
        histograms=histograms_of(survey, names, settings.dedup.threshold),
        clusters=clusters,
        cluster_count=cluster_count,
        samples=_samples(chosen, found, documents, survey, files),
        repeated=repeated[:_MOST_REPEATED],
        repeated_count=len(repeated),
        emptied=_whole(_mapping(report.get("emptied")).get("count")),
        emptied_documents=_texts(_mapping(report.get("emptied")).get("documents")),
        problems=_texts(report.get("problems"))[:_MOST_PROBLEMS],
        skipped={str(name): str(why) for name, why in _mapping(report.get("skipped")).items()},
        stable=bool(report.get("stable", True)),
        figures=figures,
        per_rule=per_rule,
    )


def _samples(
    chosen: Array,
    found: Rows,
    documents: Mapping[int, Document],
    survey: Survey,
    files: Sequence[FileRow],
) -> list[Sample]:
    samples = []
    keys = survey.documents.of_rows(chosen)
    last, sampler, steps = -1, Sampler(None, alone=False), {}
    for number, key in zip(chosen.tolist(), keys.tolist(), strict=True):
        if key != last:
            file = files[file_and_record(key)[0]]
            alone = file.format in FORMATS and FORMATS[file.format].one_document
            sampler = Sampler(documents.get(key), alone=alone, fields=file.fields)
            steps = step_places(found.by_document.get(key, ()))
            last = key
        samples.append(sampler.sample(number, found.by_number[number], steps))
    return samples


def _in_order(tally: Tally) -> list[tuple[str, RuleTally]]:
    """Return rules in the order of families, which is that of repairs."""
    families = [*FAMILIES]

    def place(rule: tuple[str, RuleTally]) -> tuple[int, str]:
        family = rule[0][:3]
        return families.index(family) if family in families else len(families), rule[0]

    return sorted(tally.rules.items(), key=place)


def _size(code: str, rules: Mapping[str, Rule], of_rule: RuleTally) -> RuleSize:
    rule = rules.get(code)
    return RuleSize(
        code=code,
        name=rule.name if rule else "",
        summary=rule.summary if rule else "a rule that this version does not know",
        edits=of_rule.edits,
        notes=of_rule.notes,
        whole=of_rule.whole,
        before=of_rule.before,
        after=of_rule.after,
    )


def _shares(survey: Survey, files: Sequence[FileRow], outputs: Outputs) -> Shares:
    own = survey.documents
    changed = np.flatnonzero((own.lost != 0) | own.gone)
    largest = changed[np.argsort(-own.lost[changed], kind="stable")[:_NAMED]]
    measured = evenly(changed, _MEASURED)
    left = outputs.lengths(own.keys[np.union1d(measured, largest)])
    shares = [_share(own, at, left) for at in measured.tolist()]
    known = [share for share in shares if share is not None]
    places = np.searchsorted(_BOUNDS, known)
    named = []
    for at in largest.tolist():
        number, record = file_and_record(int(own.keys[at]))
        name, file = survey.files.names[number], files[number] if number < len(files) else None
        alone = file is not None and FORMATS[file.format].one_document
        place = name if alone else place_in(name, record, 1 if file is None else file.fields)
        named.append(ChangedDocument(place, int(own.lost[at]), _share(own, at, left)))
    return Shares(
        untouched=sum(file.texts for file in files) - len(changed),
        changed=len(changed),
        measured=len(known),
        bounds=_BOUNDS,
        counts=np.bincount(places, minlength=len(_BOUNDS)).tolist(),
        largest=named,
    )


def _unwritten(survey: Survey, files: Sequence[FileRow]) -> int:
    """Return how many records are not in the output; all texts of one go together."""
    numbers = np.bincount(survey.unwritten >> RECORD_BITS, minlength=len(files)).tolist()
    return sum(count // file.fields for count, file in zip(numbers, files, strict=True))


def _share(own: Documents, at: int, left: Mapping[int, int]) -> float | None:
    """Return which share of a document's text went, None where its output is not at hand."""
    if own.gone[at]:
        return 1.0
    size = left.get(int(own.keys[at]))
    if size is None:
        return None
    lost = int(own.lost[at])
    return min(1.0, max(0.0, lost / max(1, size + lost)))


def _report(output: Path) -> dict[str, Any]:
    """Return the report of the run; whoever wrote it, what is no report is refused."""
    try:
        with open_below(output, REPORT) as file:
            report = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            "no report of a run here",
            where=str(output / REPORT),
            why=str(error).partition("\n")[0],
            hint="name a folder that `cleaner clean` wrote to its end",
        ) from error
    return _mapping(report)


def _repeated(report: Mapping[str, Any]) -> list[RepeatedLine]:
    lines = report.get("repeated")
    found = []
    for line in lines if isinstance(lines, list) else []:
        values = _mapping(line)
        counts = ("removed", "at_head", "from_documents", "stood", "in_documents")
        found.append(
            RepeatedLine(
                str(values.get("line", "")),
                str(values.get("file", "")),
                *(_whole(values.get(name)) for name in counts),
            )
        )
    return found


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []
