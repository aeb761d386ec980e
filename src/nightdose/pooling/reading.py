"""Files of contributions, read: what is not whole, possible or once is refused with a sentence and changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nightdose.arrays import frozen
from nightdose.errors import CallError, InputError
from nightdose.evidence.profile import Profile
from nightdose.language.catalogue import say
from nightdose.pooling.contribution import Answered, Asked, Content, Registration, Withdrawal
from nightdose.pooling.possible import impossible
from nightdose.pooling.schema import kind_schema, misfit
from nightdose.pooling.signed import hash_of, is_whole

LARGEST_FILE, LONGEST_LINE, MOST_LINES = 64 << 20, 16 << 10, 200_000
MOST_OF_A_KEY = 12  # answers, and registrations: a person tries few medicines for few complaints
ENDINGS = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Refused:
    """One line, or a whole file, that does not count. where : file and line; why : one sentence."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Received:
    """One line that was accepted. key : its public key; sha256 : of its signed bytes."""

    where: str
    key: str
    sha256: str
    content: Content


@dataclass(frozen=True, slots=True)
class Inbox:
    """All that counts, in the order of the hashes, so that neither names nor order of files matter.

    registered : (key, trial), once each; a trial that was begun stays begun, also where its registration is taken
    back: else whoever dislikes the answer takes back both. withdrawn : lines that were taken back.
    """

    answers: tuple[tuple[str, Answered], ...]  # (key, answer)
    registered: Mapping[tuple[str, str], Registration]
    withdrawn: int
    refused: tuple[Refused, ...]

    def is_registered(self, key: str, answer: Answered) -> bool:
        """True where the same key registered this trial, and for this outcome."""
        found = self.registered.get((key, answer.trial))
        if found is None:
            return False
        one, other = found.asked, answer.asked
        return (one.drug, one.outcome, one.better) == (other.drug, other.outcome, other.better)


def read_inbox(paths: Sequence[Path]) -> Inbox:
    """Everything in these files and folders (not in folders inside them). Raises CallError where there is no file."""
    refused: list[Refused] = []
    found: list[Received] = []
    for path in files_of(paths):
        for where, line in _lines(path, refused):
            read = read_line(where, line)
            found.append(read) if isinstance(read, Received) else refused.append(read)
    return sorted_out(found, refused)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are meant, each once, sorted."""
    out: set[Path] = set()
    for path in paths:
        if path.is_dir():
            out |= {each for each in path.iterdir() if each.suffix.casefold() in ENDINGS and each.is_file()}
        elif path.is_file():
            out.add(path)
        else:
            raise CallError(say("{path} is neither a file nor a folder.", path=path), field="files")
    if not out:
        raise CallError(say("There is no contribution: its file ends in .json or .jsonl."), field="files")
    return sorted(out)


def _lines(path: Path, refused: list[Refused]) -> Iterator[tuple[str, str]]:
    """(where, line) of a file; a file that cannot be read becomes one refusal."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(say("The file is larger than {n} megabytes.", n=LARGEST_FILE >> 20))
        lines = _as_lines(path.read_text(encoding="utf-8-sig"))
        if len(lines) > MOST_LINES:
            raise InputError(say("The file has more than {n} lines.", n=MOST_LINES))
    except UnicodeDecodeError:
        refused.append(Refused(path.name, say("The file is not text in UTF-8.")))
    except OSError as error:
        refused.append(Refused(path.name, say("The file cannot be read ({why}).", why=error.strerror)))
    except InputError as error:
        refused.append(Refused(path.name, str(error)))
    else:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{path.name}:{number}", line


def _as_lines(text: str) -> list[str]:
    """The lines; a single contribution that an editor has spread over several of them is one line again."""
    lines = text.splitlines()
    if len(lines) > 1 and lines[0].strip() == "{" and len(text) <= LONGEST_LINE:
        return [" ".join(lines)]
    return lines


def read_line(where: str, line: str) -> Received | Refused:
    """One line that is whole and possible, or why not."""
    if len(line) > LONGEST_LINE:
        return Refused(where, say("The line is longer than any contribution."))
    try:
        body = json.loads(line, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return Refused(where, say("The line is not JSON, or names a field twice, or has a number that is not one."))
    kind = body.get("kind") if isinstance(body, dict) else None
    if kind not in ("answer", "registration", "withdrawal"):
        return Refused(where, say("The line is not a contribution."))
    if wrong := misfit(kind_schema(kind), body):
        return Refused(where, say("Its field '{name}' is missing or not of its form.", name=wrong))
    if not is_whole(body):
        return Refused(where, say("Its signature does not fit: something was changed after it was signed."))
    content = content_of(body)
    if not isinstance(content, Withdrawal) and (wrong := impossible(content)):
        return Refused(where, wrong)
    return Received(where, body["key"], hash_of(body), content)


def _no_number(name: str) -> float:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def content_of(body: Mapping[str, Any]) -> Content:
    """A line that fits the schema as a value."""
    if body["kind"] == "withdrawal":
        return Withdrawal(body["of"])
    asked = Asked(body["drug"], body["condition"], body["outcome"], body["scale"], _band(body["range"]), body["better"])
    if body["kind"] == "registration":
        return Registration(asked, body["trial"], body["design"], body["blinded"], body["days"], body["engine"])
    effect = body["effect"]
    return Answered(
        asked, body["trial"], body["answer"], body["ceiling"], None if effect is None else _profile(effect),
        float(body["own_sd"]), float(body["meaningful"]), body["design"], body["randomised"], body["blinding"],
        body["guessed"], _band(body["dose_mg"]), body["days"], body["recorded"], _band(body["adherence"]),
        _band(body["looks"]), _band(body["age"]), body["sex"], body["engine"],
    )  # fmt: skip


def _band(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (float(ends[0]), float(ends[1]))


def _profile(effect: Mapping[str, Any]) -> Profile:
    values = effect["log_likelihood"]
    return Profile(float(effect["mean"]), float(effect["sd"]), None if values is None else frozen(np.array(values)))


def sorted_out(found: Sequence[Received], refused: Sequence[Refused] = ()) -> Inbox:
    """What counts of lines that are whole and possible: once each, not withdrawn, not of a key that floods."""
    out = list(refused)
    once: dict[str, Received] = {}
    for each in sorted(found, key=lambda r: (r.sha256, r.where)):
        if each.sha256 in once:
            out.append(Refused(each.where, say("It is there already: {where}.", where=once[each.sha256].where)))
        else:
            once[each.sha256] = each
    withdrawn = set()
    for each in once.values():
        if isinstance(each.content, Withdrawal):
            meant = once.get(each.content.of)
            if meant is not None and meant.key != each.key:
                out.append(Refused(each.where, say("It takes back what another key signed.")))
            else:
                withdrawn.add(each.content.of)
    kept = _without_floods([r for r in once.values() if not isinstance(r.content, Withdrawal)], out)
    registered: dict[tuple[str, str], Registration] = {}
    for each in kept:
        if isinstance(each.content, Registration):
            if (each.key, each.content.trial) in registered:
                out.append(Refused(each.where, say("This trial is registered already.")))
            else:
                registered[each.key, each.content.trial] = each.content
    kept = _without_second_answers([r for r in kept if r.sha256 not in withdrawn], out)
    kept = _without_copies(kept, registered, out)
    return Inbox(
        tuple((each.key, each.content) for each in kept if isinstance(each.content, Answered)),
        registered,
        len([sha for sha in withdrawn if sha in once]),
        tuple(sorted(out, key=lambda r: (r.where, r.why))),
    )


def _without_floods(kept: list[Received], refused: list[Refused]) -> list[Received]:
    counted = Counter((each.key, type(each.content)) for each in kept)
    out = []
    for each in kept:
        if counted[each.key, type(each.content)] > MOST_OF_A_KEY:
            why = say("Its key signed more than {n} of these: none of them counts.", n=MOST_OF_A_KEY)
            refused.append(Refused(each.where, why))
        else:
            out.append(each)
    return out


def _without_copies(
    kept: list[Received], registered: Mapping[tuple[str, str], Registration], refused: list[Refused]
) -> list[Received]:
    """The numbers of one diary count under one key: whoever signs another one's line anew adds nobody.

    The registered line stays, else the one whose hash is first; which one was copied nobody can tell.
    """

    def numbers(found: Answered) -> tuple[object, ...]:
        effect = found.effect
        assert effect is not None, "only answers with numbers are held against each other"
        values = () if effect.log_likelihood is None else tuple(effect.log_likelihood.tolist())
        return found.asked.drug, found.asked.outcome, found.own_sd, effect.mean, effect.sd, values

    first: dict[tuple[object, ...], Received] = {}
    copies = set()
    for each in sorted(kept, key=lambda r: (r.key, getattr(r.content, "trial", "")) not in registered):
        if isinstance(each.content, Answered) and each.content.effect is not None:
            other = first.setdefault(numbers(each.content), each)
            if other.key != each.key:
                copies.add(each.sha256)
                why = say(
                    "Its numbers are those of {where}, signed by another key: they count once.", where=other.where
                )
                refused.append(Refused(each.where, why))
    return [each for each in kept if each.sha256 not in copies]


def _without_second_answers(kept: list[Received], refused: list[Refused]) -> list[Received]:
    """One trial has one answer of its outcome: of two nobody but the person can choose, by withdrawing one."""

    def trial(each: Received) -> tuple[str, str, str] | None:
        found = each.content
        return (each.key, found.trial, found.asked.outcome) if isinstance(found, Answered) and found.trial else None

    counted = Counter(trial(each) for each in kept if trial(each))
    out = []
    for each in kept:
        if counted[trial(each)] > 1:
            refused.append(Refused(each.where, say("Its trial has two answers: none counts until one is withdrawn.")))
        else:
            out.append(each)
    return out
