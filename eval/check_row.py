"""What is wrong with one row of a test set, in plain words: the schema, the gold, its places in the reports."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from eval.questions import ANSWERABLE_TYPES, SETS

SCHEMA: Mapping[str, Any] = json.loads((SETS / "question.schema.json").read_text("utf-8"))
# JSON Schema counts 3.0 as an integer; as an offset it would fail later.
_whole = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
_VALIDATOR = validators.extend(Draft202012Validator, type_checker=_whole)(SCHEMA)

_ITEMS = {
    "nuggets": "nugget",
    "evidence": "evidence",
    "answers": "answer",
    "history": "turn",
    "aliases": "alias",
    "section": "heading",
}
_TYPES = {
    "string": "text in quotes",
    "array": "a list in [ ]",
    "object": "an object in { }",
    "boolean": "true or false",
    "integer": "a whole number",
}
_SHOWN = 60  # characters of a value that a message shows
_PLACES = 3  # places of a repeated quote that a message names
_TIME = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def row_problems(row: Any, texts: Mapping[str, str] | None) -> list[str]:
    """Say what is wrong with a row and what to do about it, "what is wrong; what to do" each.

    A part that does not fit the schema is not checked further, the others are.

    :param texts: report id to text; None leaves out the checks that need it.
    """
    if not isinstance(row, dict):
        return [f"{_value(row)} is no question; write one JSON object in {{ }} on each line"]
    errors = sorted(_VALIDATOR.iter_errors(row), key=lambda error: [str(part) for part in error.absolute_path])
    sound = _sound(row, errors)
    found = [*_in_words(errors), *_gold(sound), *_nuggets(sound)]
    for number, span in enumerate(sound.get("evidence") or (), start=1):
        if span is not None and (problem := _span(span, texts)):
            found.append(f"evidence {number}: {problem}")
    if problem := _period(sound.get("period") or ""):
        found.append(problem)
    return list(dict.fromkeys(found))


def places(quote: str, text: str) -> list[int]:
    """Where ``quote`` begins in ``text``, in order, overlaps included."""
    found, start = [], text.find(quote)
    while start >= 0:
        found.append(start)
        start = text.find(quote, start + 1)
    return found


def _sound(row: Mapping[str, Any], errors: Sequence[ValidationError]) -> dict[str, Any]:
    """The row with None for each value, or item of a list, that breaks the schema."""
    sound = {key: list(value) if isinstance(value, list) else value for key, value in row.items()}
    for error in errors:
        path = list(error.absolute_path)
        if len(path) == 1:
            sound[path[0]] = None
        elif path and sound[path[0]] is not None:
            sound[path[0]][path[1]] = None
    return sound


def _in_words(errors: Sequence[ValidationError]) -> Iterator[str]:
    for error in errors:
        place = _place(error.absolute_path)
        for said in WORDS[error.validator](error):
            yield f"{place}: {said}" if place and said.startswith('"') else f"{place} {said}".lstrip()


def _place(path: Sequence[str | int]) -> str:
    """``["nuggets", 0, "aliases", 2]`` as ``nugget 1, alias 3``."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] = f"{_ITEMS[parts[-1]]} {step + 1}"
        else:
            parts.append(step)
    return ", ".join(parts)


def _value(value: Any) -> str:
    return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _meant(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f'did you mean "{close[0]}"?' if close else ""


def _missing(error: ValidationError) -> Iterator[str]:
    known = error.schema["properties"]
    unknown = [key for key in error.instance if key not in known]
    for key in error.validator_value:
        if key not in error.instance and not any(difflib.get_close_matches(other, [key]) for other in unknown):
            told = known[key].get("description", "").rstrip(".")
            yield f'"{key}" is missing; add it' + (f" ({told})" if told else "")


def _unknown(error: ValidationError) -> Iterator[str]:
    known = list(error.schema["properties"])
    for key in error.instance:
        if key not in known:
            guess = _meant(key, [name for name in known if name not in error.instance])
            yield f'"{key}" is no known key; ' + (guess or f"remove it (known are {', '.join(known)})")


def _no_choice(error: ValidationError) -> Iterator[str]:
    known = [choice for choice in error.validator_value if choice]
    guess = _meant(str(error.instance), known)
    yield f"is {_value(error.instance)}; write one of {', '.join(known)}{f' ({guess})' if guess else ''}"


def _half(error: ValidationError) -> Iterator[str]:
    for key, others in error.validator_value.items():
        for other in others:
            if key in error.instance and other not in error.instance:
                yield f'"{key}" stands without "{other}"; give both or neither'


WORDS: Mapping[str, Callable[[ValidationError], Iterator[str]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "enum": _no_choice,
    "dependentRequired": _half,
    "type": lambda error: iter([f"is {_value(error.instance)}; write {_TYPES[error.validator_value]}"]),
    "pattern": lambda error: iter(["is empty; fill it in or remove it"]),
    "minimum": lambda error: iter([f"is {error.instance}; write {error.validator_value} or more"]),
}
"""What a broken rule of the schema is called, by the rule's keyword."""


def _gold(row: Mapping[str, Any]) -> Iterator[str]:
    """What contradicts ``answerable``."""
    answerable, kind = row.get("answerable"), row.get("type")
    if answerable is None:
        return
    if kind is not None and (kind in ANSWERABLE_TYPES) != answerable:
        yield f'type "{kind}" does not go with "answerable": {_value(answerable)}; change one of them'
    golds = {key: row.get(key, ()) for key in ("nuggets", "evidence", "answers")}
    gold = [key for key, value in golds.items() if value]
    if not answerable and gold:
        yield f"unanswerable, yet it has {' and '.join(gold)}; remove them or set answerable to true"
    if answerable and not gold and None not in golds.values():
        yield "answerable, yet it has neither nuggets nor evidence nor answers; add them or set answerable to false"
    vital = [nugget is None or nugget.get("vital", True) for nugget in golds["nuggets"] or ()]
    if answerable and vital and not any(vital):
        yield 'none of its nuggets is vital; set "vital" to true for those that an answer must contain'


def _nuggets(row: Mapping[str, Any]) -> Iterator[str]:
    for number, nugget in enumerate(row.get("nuggets") or (), start=1):
        if nugget is None:
            continue
        pattern = nugget.get("pattern", "")
        if not pattern and not nugget.get("aliases"):
            yield f"nugget {number} has neither aliases nor a pattern, so no answer can contain it; add one"
        try:
            empty = bool(pattern) and re.search(pattern, "") is not None
        except re.error as error:
            yield f"nugget {number}: {_value(pattern)} is no regular expression ({error}); correct it"
        else:
            if empty:
                yield f"nugget {number}: {_value(pattern)} matches any text, even an empty one; narrow it"


def _span(span: Mapping[str, Any], texts: Mapping[str, str] | None) -> str:
    """What is wrong with the place of a piece of evidence; empty if nothing."""
    quote, start, end = span["quote"], span.get("start"), span.get("end")
    if texts is None:
        if start is None:
            if "page" in span:  # by which a quote is found when the report is read
                return ""
            return "start and end are missing; add them, or check together with the reports to have them found"
        if end - start != len(quote):
            return f"from {start} to {end} are {end - start} characters, but the quote has {len(quote)}; correct them"
        return ""
    report = span["report"]
    if report not in texts:
        guess = _meant(report, list(texts)) or f"the {len(texts)} reports at hand are {_short(', '.join(texts))}"
        return f'there is no report "{report}"; {guess}'
    if start is not None and 0 <= start < end and texts[report][start:end] == quote:
        return ""
    found = places(quote, texts[report])
    if start is None and len(found) == 1:
        return ""
    if not found:
        return _nowhere(quote, report, texts)
    if start is None:
        return f"the quote occurs {len(found)} times, at {_listed(found)}; add start and end of the one meant"
    there = f"the quote is not at {start} to {end}, where the report has {_value(texts[report][start:end])}"
    if len(found) > 1:
        return f"{there}; it begins at {_listed(found)}: choose one"
    return f"{there}; set start to {found[0]} and end to {found[0] + len(quote)}"


def _listed(found: Sequence[int]) -> str:
    named = ", ".join(str(start) for start in found[:_PLACES])
    return named if len(found) <= _PLACES else f"{named} and {len(found) - _PLACES} more"


def _nowhere(quote: str, report: str, texts: Mapping[str, str]) -> str:
    loose = re.search(r"\s+".join(map(re.escape, quote.split())), texts[report])
    if loose:
        return (
            f'report "{report}" has the quote with other white space, from {loose.start()} to {loose.end()}; '
            f"copy it from there character for character: {_value(loose.group())}"
        )
    elsewhere = next((other for other, text in texts.items() if quote in text), None)
    if elsewhere is not None:
        return f'the quote is not in report "{report}" but in "{elsewhere}"; correct the report'
    return f'the quote {_value(quote)} is not in report "{report}"; copy it from there character for character'


def _period(period: str) -> str:
    for part in re.split("[;,] ", period) if period else ():
        times = part.split(" to ")
        bounds = [_bound(time, last=position == 1) for position, time in enumerate(times)]
        if len(times) > 2 or None in bounds:
            return (
                f"period is {_value(period)}; write 2019, 2020-05 or 2024-01-31, two of these joined by "
                '" to ", or several joined by "; "'
            )
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            return f"period {_value(part)} ends before it begins; swap the two"
    return ""


def _bound(time: str, *, last: bool) -> tuple[int, int, int] | None:
    """First or last day of a year, month or day, None if it is no such time; all months end on the 31st here."""
    match = _TIME.fullmatch(time)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month or (12 if last else 1), day or (31 if last else 1)
