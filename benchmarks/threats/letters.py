"""Letters spoiled at random and handed to `verify`: one sentence, or what differs is named; never agreement."""

from __future__ import annotations

import io
import json
import random
import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pikepdf
from tests.letter.hostile import papers, pdf

from benchmarks.threats.count import Count
from benchmarks.threats.spoiled_files import spoil_bytes, spoil_words
from benchmarks.threats.zips import spoil_zip
from nightdose.errors import NightdoseError
from nightdose.letter.opened import Opened, open_letter
from nightdose.letter.package import MANIFEST, papers_html, sha256, with_package, zipped
from nightdose.letter.page import letter_html
from nightdose.letter.verify import verify

ODD: tuple[Any, ...] = (
    None, "", "x" * 5000, -1, 0, 1e308, 10**400, [], {}, [[]], True, "../../x", "\x1b[2J", {"a": None}, "2026-13-45",
    "NaN", "\u202e", "9" * 400, [1] * 3000,
)  # fmt: skip
MOST_SECONDS, LONGEST_SENTENCE = 5.0, 500


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for key, below in inside for each in ((*path, key), *leaves(below, (*path, key)))]


def spoil_json(content: bytes, rng: random.Random) -> bytes:
    """The JSON with one or two of its values gone, renamed, longer, of another sign, or of another kind."""
    record = json.loads(content)
    for _ in range(rng.choice((1, 1, 2))):
        path = rng.choice(leaves(record))
        holder = record
        for key in path[:-1]:
            holder = holder[key]
        before = holder[path[-1]]
        odd: list[Any] = [rng.choice(ODD), rng.choice(ODD)]
        match before:
            case bool() | None:
                odd.append(not before)
            case int() | float():  # by a whole number, however large it is
                odd += [-before, before * 10, before + 1, str(before)]
            case str():
                odd += [before[::-1], before + "\n\x1b", before.upper(), before * 50]
            case list():
                odd.append(before * 50)
        if rng.random() < 0.15:
            del holder[path[-1]]
        elif rng.random() < 0.1 and isinstance(holder, dict):
            holder[rng.choice(("x", "", "\0", "__class__"))] = holder.pop(path[-1])
        else:
            holder[path[-1]] = rng.choice(odd)
    return json.dumps(record).encode()


def spoiled_package(rng: random.Random) -> bytes:
    """A whole zip with one file of it spoiled; half of the time the hashes are made to fit, as a forger would."""
    files = dict(papers().files)
    name = rng.choice(sorted(files))
    way = spoil_json if name.endswith(".json") and rng.random() < 0.8 else rng.choice((spoil_bytes, spoil_words))
    files[name] = way(files[name], rng)
    if name != MANIFEST and rng.random() < 0.5:
        manifest = json.loads(files[MANIFEST])
        manifest["files"] = {each: sha256(files[each]) for each in manifest["files"]}
        files[MANIFEST] = json.dumps(manifest).encode()
    return zipped(files)


def spoiled_inside(rng: random.Random) -> bytes:
    """A package as somebody else's page may carry it."""
    return spoil_zip(papers().content, rng) if rng.random() < 0.5 else spoiled_package(rng)


def spoiled_page(rng: random.Random) -> bytes:
    """An HTML letter: its own bytes, or the package that it carries."""
    if rng.random() < 0.4:
        return rng.choice((spoil_bytes, spoil_words))(papers_html(papers()).encode(), rng)
    return with_package(letter_html(papers().letter, papers().appendix), spoiled_inside(rng)).encode()


def spoiled_pdf(rng: random.Random) -> bytes:
    """A PDF: its bytes, its numbers, an object of its catalogue, or the package that it carries."""
    kind = rng.random()
    if kind < 0.3:
        return spoil_bytes(pdf(), rng)
    if kind < 0.5:
        number = rng.choice(list(re.finditer(rb"\d+", pdf())))
        other = rng.choice((b"0", b"-1", b"99999999999", b"1e9", b"(x)", b"null"))
        return pdf()[: number.start()] + other + pdf()[number.end() :]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as found:
        if kind < 0.65:
            holder = rng.choice((found.attachments["package.zip"].obj, found.Root, found.Root.Pages))
            name = rng.choice(("EF", "F", "UF", "Names", "Kids", "Count", "Lang", "StructTreeRoot"))
            holder[pikepdf.Name("/" + name)] = rng.choice((1, "x", pikepdf.Name.X, pikepdf.Array([1])))
        else:
            del found.attachments["package.zip"]
            spec = pikepdf.AttachedFileSpec(found, spoiled_inside(rng), filename="package.zip")
            found.attachments["package.zip"] = spec
        found.save(out)
    return out.getvalue()


KINDS: Mapping[str, Callable[[random.Random], bytes]] = {
    "zip": lambda rng: spoil_zip(papers().content, rng),
    "package": spoiled_package,
    "html": spoiled_page,
    "pdf": spoiled_pdf,
}


@cache
def _whole(kind: str) -> Opened:
    return open_letter({"pdf": pdf(), "html": papers_html(papers()).encode()}.get(kind, papers().content))


def _meaning(content: bytes | None) -> Any:
    """A file without what says nothing: a value of null, the order of names, blanks."""

    def without_null(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value for name, value in pairs if value is not None}

    try:
        return json.loads(content or b"", object_pairs_hook=without_null)
    except ValueError:
        return content


def _unchanged(content: bytes) -> bool:
    """True where days, question, answer, sentences and page are those of the letter; its manifest may say more."""
    opened = open_letter(content)
    ours = _whole(opened.kind)
    same = (_meaning(opened.files.get(name)) == _meaning(ours.files[name]) for name in ours.files if name != MANIFEST)
    return opened.page == ours.page and all(same)


def one(content: bytes) -> str:
    """What `verify` makes of it; AssertionError where that must not happen."""
    try:
        found = verify(content)
    except NightdoseError as error:
        said, outcome = [str(error)], "refused in a sentence"
    else:
        said, outcome = (
            [check.sentence for check in found.checks],
            "agrees" if found.agrees else "what differs is named",
        )
        assert not found.agrees or _unchanged(content), "it agrees with a letter that was changed"
        assert found.agrees or any(check.state == "differs" for check in found.checks) or not found.recomputed, (
            "silence"
        )
    for sentence in said:
        assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in sentence), f"it steers: {sentence!r}"
        assert len(sentence) <= LONGEST_SENTENCE, f"too long: {sentence[:100]}"
    return outcome


def rounds(kind: str, seed: int, number: int) -> Count:
    """`number` spoiled letters of one kind."""
    rng, count = random.Random(f"letter {kind}:{seed}"), Count()
    for place in range(number):
        content = KINDS[kind](rng)
        began = time.process_time()
        try:
            outcome = one(content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
            count.fault(f"letter {kind}, seed {seed}, file {place}: {type(error).__name__}: {str(error)[:200]}")
            continue
        if time.process_time() - began > MOST_SECONDS:
            count.fault(f"letter {kind}, seed {seed}, file {place}: took more than {MOST_SECONDS:.0f} s")
        else:
            count.outcomes[outcome] += 1
    return count
