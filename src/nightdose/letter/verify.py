"""Does a letter say what its days say? Hashes, signature, the answer computed anew, the page made anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from typing import Any, Literal

from nightdose.errors import InputError, NightdoseError
from nightdose.knowledge.chosen import about
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.drug_file_reading import read_again
from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import reading_in, say
from nightdose.language.number import on_one_line, plain
from nightdose.letter.appendix import Part, appendix_of
from nightdose.letter.asked import Request, read_certificate, read_request, recompute, request_record
from nightdose.letter.background import Background
from nightdose.letter.days import changed_rows, diary_record, read_days
from nightdose.letter.differences import LONGEST_SHOWN, MOST_NAMED, apart, differences, some, weight
from nightdose.letter.fhir.bundle import document_bundle, nameless
from nightdose.letter.letter import Letter, letter_of
from nightdose.letter.opened import Opened, is_packed_by_us, open_letter, read_json, stray_bytes
from nightdose.letter.package import (
    DRUG_FILE,
    MANIFEST,
    PUBLIC_KEY,
    SCHEMA,
    SIGNATURE,
    as_json,
    attachments,
    letter_record,
    readme,
    sha256,
    timeless_record,
    told_of_the_days,
)
from nightdose.letter.page import letter_html
from nightdose.letter.pdf import Paper, letter_pdf, typst_version
from nightdose.letter.pdf_words import first_difference, paper_of, words_of
from nightdose.letter.said_before import read_background, read_protocol
from nightdose.letter.signing import is_signed_by, key_print
from nightdose.verdict.analysis import Analysis

State = Literal["agrees", "differs", "not checked"]
A4_WIDE = 600.0  # pt; A4 is 595 wide, Letter 612


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: state, and a sentence that says what."""

    what: str
    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Verified:
    """checks : in their order. word : the answer on the letter. signed_by : print of the key, "" = unsigned.

    recomputed : the answer computed anew, "" = it was not.
    """

    checks: tuple[Check, ...]
    word: str
    recomputed: str
    signed_by: str
    engine: str

    @property
    def agrees(self) -> bool:
        """True where nothing differs and the answer was computed anew."""
        return bool(self.recomputed) and not any(check.state == "differs" for check in self.checks)


def verify(content: bytes, *, certificate: bool = False, threads: int = 1) -> Verified:
    """Everything that can be checked of a letter. certificate : also compute its error rate anew, which takes minutes.

    Raises InputError where it is not a letter or cannot be read, CallError where a package for it is missing.
    """
    opened = open_letter(content)
    with about(_drug_file(opened)):
        return _verified(opened, certificate=certificate, threads=threads)


def _drug_file(opened: Opened) -> DrugFile | None:
    """The file of the letter's medicine, where it is not carried."""
    if DRUG_FILE not in opened.files:
        return None
    found = read_json(opened.files, DRUG_FILE)
    return read_again(str(found.get("text", "")), DRUG_FILE)


def _verified(opened: Opened, *, certificate: bool, threads: int) -> Verified:
    """What was checked, in a run that is about the letter's medicine."""
    manifest = read_json(opened.files, MANIFEST)
    if manifest.get("schema") != SCHEMA:
        raise InputError("The letter was written in a form that this version does not know. Take a newer one.")
    told = read_json(opened.files, "letter.json")
    checks, signed_by = [*_hashes(opened, manifest)], ""
    checks += _packing(opened)
    signature, signed_by = _signature(opened)
    checks.append(signature)
    engine = on_one_line(str(manifest.get("engine"))[:40])
    if engine != version("nightdose"):
        words = say("Made by nightdose {made}, checked by {here}: other versions may answer otherwise.",
                    made=engine, here=version("nightdose"))  # fmt: skip
        checks.append(Check("engine", "not checked", words))
    word = str(told.get("letter", {}).get("word", "")) if isinstance(told.get("letter"), dict) else ""
    recomputed = ""
    if "days.csv" in opened.files:
        found, certified = _recomputed(opened, certificate=certificate, threads=threads)
        checks += [*_numbers(opened, found), certified]
        background, label, language = read_background(told)
        with reading_in(language):
            letter, appendix = letter_of(found, background, label=label), appendix_of(found, background)
            record = letter_record(letter, appendix, background, label)
            clinical = document_bundle(found, letter, background)
            texts = readme(letter, opened.files, found.diary, "", opened.files.get(PUBLIC_KEY, b""))
        recomputed = letter.word
        ours = told_of_the_days(letter, appendix, found, opened.files["days.csv"])
        checks += [*_sentences(told, record), *_clinical(opened, clinical), *_beside(opened, manifest, texts, ours)]
        with reading_in(language):
            again = _Again(letter, appendix, background)
            pages = list(_page(opened, manifest, again))
        checks += pages
    else:
        checks.append(Check("days", "not checked", say("The person left the days out, so nothing can be recomputed.")))
        checks += _page_hash(opened, manifest)
    return Verified(tuple(checks), plain(word)[:LONGEST_SHOWN], recomputed, signed_by, engine)


def _hashes(opened: Opened, manifest: Mapping[str, Any]) -> Iterator[Check]:
    """Every file against its hash; a changed table is named by its days."""
    wanted = manifest.get("files")
    if not isinstance(wanted, dict):
        raise InputError("manifest.json cannot be read: it is not what nightdose writes.")
    there = set(opened.files) - {MANIFEST, SIGNATURE, PUBLIC_KEY}
    wrong = sorted(name for name in there & set(wanted) if sha256(opened.files[name]) != wanted[name])
    for name in wrong:
        prints = manifest.get("days")
        which = ""
        if name == "days.csv" and isinstance(prints, list):
            rows = changed_rows(opened.files[name], prints)
            which = say(" Changed: {days}.", days=some(rows)) if rows else ""
        yield Check(name, "differs", say("{file} was changed after the letter was written.", file=name) + which)
    for name in sorted(set(wanted) - there):
        yield Check(name[:60], "differs", say("{file} was taken out.", file=plain(name)[:60]))
    for name in sorted(there - set(wanted)):
        yield Check(name, "differs", say("{file} was put in.", file=name))
    for name, content in opened.attached.items():
        if content != opened.files.get(name):
            words = say("The attached {file} is not the one in the package.", file=name)
            rows = changed_rows(content, manifest.get("days") or []) if name == "days.csv" else []
            yield Check(name, "differs", words + (say(" Changed: {days}.", days=some(rows)) if rows else ""))
    if not wrong and there == set(wanted):
        yield Check("files", "agrees", say("{n} files are as they were written.", n=len(there)))


def _packing(opened: Opened) -> Iterator[Check]:
    """The package itself, as page and PDF to the last byte: what was added belongs to nothing that is checked."""
    if is_packed_by_us(opened.package, opened.files):
        return
    stray = stray_bytes(opened.package)
    if stray:
        words = say("The package holds {n} bytes that belong to none of its files: something was added to it.", n=stray)
    else:
        words = say("The package was packed anew by another program; its files are those that are checked here.")
    yield Check("package", "differs", words)


def _signature(opened: Opened) -> tuple[Check, str]:
    public, signature = opened.files.get(PUBLIC_KEY), opened.files.get(SIGNATURE)
    if public is None and signature is None:
        return Check("signature", "not checked", say("It is not signed.")), ""
    if public is None or signature is None or not is_signed_by(public, opened.files[MANIFEST], signature):
        return Check("signature", "differs", say("The signature is not that of this letter.")), ""
    shown = key_print(public)
    words = say(
        "Signed with the key {print} ({words}). Whose key that is, only the person can say.",
        print=shown[:16], words=four_words(shown),
    )  # fmt: skip
    return Check("signature", "agrees", words), shown


def _recomputed(opened: Opened, *, certificate: bool, threads: int) -> tuple[Analysis, Check]:
    """The analysis of the days that the package holds, and what became of its error rate."""
    asked, was = read_json(opened.files, "question.json"), read_json(opened.files, "analysis.json")
    protocol, opened_boxes = read_protocol(opened.files)
    try:
        diary = read_days(opened.files["days.csv"], asked["diary"])
        request: Request = read_request(asked, protocol, opened_boxes)
        again = request_record(request) | {"diary": diary_record(diary)}
        kept = None if certificate else read_certificate(was["certificate"])
        found = recompute(diary, request, kept, threads=threads)
    except NightdoseError as error:
        raise InputError(f"The answer cannot be computed anew: {on_one_line(str(error))}") from None
    except Exception as error:  # noqa: BLE001 - a forged question can break anything, and must end in a sentence
        name = type(error).__name__
        raise InputError(
            f"The answer cannot be computed anew: the question is not what nightdose writes ({name})."
        ) from None
    if odd := [name for name, _, _ in differences(asked, json.loads(as_json(again)), "")]:
        raise InputError(f"question.json is not as nightdose writes it: {plain(odd[0])[:60]}.")
    if not request.certificate:
        return found, Check("certificate", "not checked", say("The letter gives no error rate of its own."))
    if certificate:
        return found, Check("certificate", "agrees", say("Its error rate was computed anew."))
    words = say("Its error rate ({n} dummy diaries) was taken as it stands, not computed anew.", n=request.certificate)
    return found, Check("certificate", "not checked", words)


def _numbers(opened: Opened, found: Analysis) -> Iterator[Check]:
    """The answer's numbers, digit by digit, by their names."""
    was = read_json(opened.files, "analysis.json")
    differ = sorted(differences(was, timeless_record(found), ""), key=lambda each: weight(each[0]))
    for name, theirs, ours in differ[:MOST_NAMED]:
        stands, would = apart(theirs, ours)
        words = say("{name} is {theirs} in the letter; the days give {ours}.", name=name, theirs=stands, ours=would)
        yield Check(name, "differs", words)
    if len(differ) > MOST_NAMED:
        yield Check("numbers", "differs", say("{n} more numbers differ.", n=len(differ) - MOST_NAMED))
    if not differ:
        yield Check("numbers", "agrees", say("The answer computed anew is the same, digit by digit."))


def _sentences(told: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Check]:
    """Every sentence of the letter against the one that the days give."""
    chosen = told.get("background")
    ours = {name: record["background"].get(name) for name in chosen} if isinstance(chosen, dict) else None
    differ = [each for part in ("letter", "appendix") for each in differences(told.get(part), record[part], part)]
    differ += differences(chosen, ours, "background")
    for name, theirs, ours in differ[:MOST_NAMED]:
        stands, would = apart(theirs, ours)
        words = say("{name} says {theirs}; the days give {ours}.", name=name, theirs=stands, ours=would)
        yield Check(name, "differs", words)
    if len(differ) > MOST_NAMED:
        yield Check("sentences", "differs", say("{n} more sentences differ.", n=len(differ) - MOST_NAMED))
    if not differ:
        yield Check("sentences", "agrees", say("Every sentence is the one that the days give."))


def _clinical(opened: Opened, ours: Mapping[str, Any]) -> Iterator[Check]:
    """The FHIR bundle against the one that the days give; the names of its resources follow their content."""
    if "fhir.json" not in opened.files:
        return
    try:
        theirs = nameless(read_json(opened.files, "fhir.json"))
    except RecursionError:
        yield Check("fhir.json", "differs", say("fhir.json is not what nightdose writes."))
        return
    differ = list(differences(theirs, nameless(ours), "fhir"))
    for name, stands, would in differ[:MOST_NAMED]:
        theirs_words, ours_words = apart(stands, would)
        words = say("{name} is {theirs} in the letter; the days give {ours}.",
                    name=name, theirs=theirs_words, ours=ours_words)  # fmt: skip
        yield Check(name, "differs", words)
    if not differ:
        yield Check("fhir", "agrees", say("The FHIR bundle is the one that the days give."))


def _beside(
    opened: Opened, manifest: Mapping[str, Any], readme_text: bytes, ours: Mapping[str, Any]
) -> Iterator[Check]:
    """The package's own README and what its manifest says of the days, which nothing else rests on."""
    theirs = opened.files.get("README.txt", b"")
    if theirs != readme_text:
        stands, would = apart(theirs.decode("utf-8", "replace"), readme_text.decode())
        words = say("{name} says {theirs}; the days give {ours}.", name="README.txt", theirs=stands, ours=would)
        yield Check("README.txt", "differs", words)
    wrong = [name for name, value in ours.items() if manifest.get(name) != value]
    if wrong:
        words = say("manifest.json says of the days what they do not give: {names}.", names=", ".join(wrong))
        yield Check(MANIFEST, "differs", words)


@dataclass(frozen=True, slots=True)
class _Again:
    """The letter made anew."""

    letter: Letter
    appendix: tuple[Part, ...]
    background: Background


def _page(opened: Opened, manifest: Mapping[str, Any], again: _Again) -> Iterator[Check]:
    if opened.kind == "html":
        yield _html_page(opened.page, letter_html(again.letter, again.appendix).encode())
    elif opened.kind == "pdf":
        yield _pdf_page(opened, manifest, again)


def _html_page(theirs: bytes, ours: bytes) -> Check:
    if theirs == ours:
        return Check("page", "agrees", say("The page is the one that the days give, byte for byte."))
    a, b = theirs.split(b"\n"), ours.split(b"\n")
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    stands, would = (_visible(lines[at]) if at < len(lines) else "" for lines in (a, b))
    stands, would = apart(stands, would)
    words = say("The page says {theirs} where the days give {ours}.", theirs=stands, ours=would)
    return Check("page", "differs", words)


def _visible(line: bytes) -> str:
    """The words of a line of HTML."""
    text = unescape(re.sub(r"<[^>]*>", " ", line[:20_000].decode("utf-8", "replace")))
    return " ".join(text.split()) or line[:LONGEST_SHOWN].decode("utf-8", "replace")


def _pdf_page(opened: Opened, manifest: Mapping[str, Any], again: _Again) -> Check:
    width, _ = paper_of(opened.page)
    paper: Paper = "a4" if width < A4_WIDE else "us-letter"
    made = again.background.made if again.background.dates else None
    attached = attachments(opened.files, opened.package)
    ours = letter_pdf(again.letter, again.appendix, paper=paper, made=made, attached=attached)
    if ours == opened.page:
        return Check("page", "agrees", say("The pages are the ones that the days give, byte for byte."))
    difference = first_difference(words_of(opened.page), words_of(ours))
    if difference is not None:
        page, stands, would = difference
        stands, would = apart(stands, would)
        words = say("Page {page} says {theirs} where the days give {ours}.", page=page, theirs=stands, ours=would)
        return Check("page", "differs", words)
    if str(manifest.get("typst")) != typst_version():
        made_by = plain(str(manifest.get("typst")))[:20]
        words = say("The words of the pages are the same; their pictures were drawn by another Typst ({made}, here "
                    "{here}) and were not compared.", made=made_by, here=typst_version())  # fmt: skip
        return Check("page", "not checked", words)
    words = say("The words of the pages are the same, but the file was changed or saved anew by another program.")
    return Check("page", "differs", words)


def _page_hash(opened: Opened, manifest: Mapping[str, Any]) -> Iterator[Check]:
    if opened.kind == "html":
        same = sha256(opened.page) == manifest.get("page_html")
        words = say("The page is as it was written.") if same else say("The page was changed after it was written.")
        yield Check("page", "agrees" if same else "differs", words)
    elif opened.kind == "pdf":
        yield Check("page", "not checked", say("Without the days the pages cannot be made anew and compared."))
