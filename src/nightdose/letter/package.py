"""The reproduction package: days, question, answer, sentences and their hashes in one zip, always the same bytes."""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nightdose.diary.records import DOSE_SUFFIX, RESCUE_PREFIX, Diary
from nightdose.diary.table.slips import without_slips
from nightdose.errors import CallError
from nightdose.export.record import analysis_record
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import say
from nightdose.letter.appendix import Part, appendix_of, data_print
from nightdose.letter.asked import Request, recompute, request_of, request_record
from nightdose.letter.background import Background
from nightdose.letter.days import days_csv, diary_record, row_prints
from nightdose.letter.fhir.bundle import document_bundle, fhir_bytes
from nightdose.letter.fingerprint import fingerprint
from nightdose.letter.letter import Letter, letter_of
from nightdose.letter.page import letter_html
from nightdose.letter.pdf import Attached, Paper, letter_pdf, typst_version
from nightdose.letter.signing import OwnKey, key_print
from nightdose.report.figures.svg import Figure
from nightdose.verdict.analysis import Analysis

SCHEMA = "nightdose.letter/1"
ZIP_NAME = "package.zip"
DRUG_FILE = "drug.json"  # of a medicine that is not carried; without it the answer could not be computed anew
RIGHTS = 0o600  # of every file in the zip
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a zip can date, so that the same files give the same bytes
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "manifest.pub"
OUR_FILES = frozenset(
    {"days.csv", "question.json", "protocol.json", "analysis.json", "letter.json", "fhir.json", "README.txt"}
    | {DRUG_FILE, MANIFEST, SIGNATURE, PUBLIC_KEY}
)
LINK = re.compile(
    r'<p class="package soft">[^<]*<a download="package\.zip" href="data:application/zip;base64,([A-Za-z0-9+/=]*)">'
    r"[^<]*</a></p>\n"
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Papers:
    """One letter and what goes with it, all made from the same analysis.

    analysis : of what may be handed on. background : what the person chose. made : the day of the letter, None = left
    out. files : name -> content, sorted. content : all of them as a zip. missing : why the days are not among them,
    "" = they are.
    """

    analysis: Analysis = field(repr=False)
    background: Background
    letter: Letter
    appendix: tuple[Part, ...]
    made: datetime.date | None
    files: Mapping[str, bytes] = field(repr=False)
    content: bytes = field(repr=False)
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """What the papers need beside the analysis.

    label : words that mark an example, as they were given. seed : of the analysis. key : the person's own, None =
    unsigned. more : further files that belong to the letter.
    """

    label: str = ""
    seed: int = 0
    key: OwnKey | None = None
    more: Mapping[str, bytes] = field(default_factory=dict)


UNSIGNED = Making()


def papers_of(analysis: Analysis, background: Background, making: Making = UNSIGNED) -> Papers:
    """The letter, its appendix and its package; the same values give the same bytes."""
    shown, missing = _shareable(analysis, background, making)
    told = analysis if shown is None else shown
    letter, appendix = letter_of(told, background, label=making.label), appendix_of(told, background)
    request = request_of(told, making.seed)
    files: dict[str, bytes] = {"letter.json": as_json(letter_record(letter, appendix, background, making.label))}
    if shown is not None:
        files["days.csv"] = days_csv(shown.diary)
        files["analysis.json"] = as_json(timeless_record(shown))
        files["question.json"] = as_json(request_record(request) | {"diary": diary_record(shown.diary)})
    else:
        files["question.json"] = as_json(_without_hidden(request, background))
    if background.dates and (request.protocol or request.opened):
        files["protocol.json"] = as_json(protocol_record(request))
    if (file := chosen()) is not None:
        files[DRUG_FILE] = as_json({"name": file.name, "sha256": file.sha256, "text": file.text})
    files["fhir.json"] = fhir_bytes(document_bundle(told, letter, background))
    files |= making.more
    diary = None if shown is None else shown.diary
    files["README.txt"] = readme(letter, files, diary, missing, making.key.public if making.key is not None else b"")
    manifest = {
        "schema": SCHEMA,
        "engine": letter.engine,
        "typst": typst_version(),
        "files": {name: sha256(content) for name, content in sorted(files.items())},
        **told_of_the_days(letter, appendix, shown, files.get("days.csv", b"")),
    }
    files[MANIFEST] = as_json(manifest)
    if making.key is not None:
        files[SIGNATURE] = making.key.sign(files[MANIFEST])
        files[PUBLIC_KEY] = making.key.public
    ordered = dict(sorted(files.items()))
    made = background.made if background.dates else None
    return Papers(told, background, letter, appendix, made, ordered, zipped(ordered), missing)


def told_of_the_days(letter: Letter, appendix: Sequence[Part], shown: Analysis | None, days: bytes) -> Json:
    """What a manifest says beside the files' hashes, all of which follows from the days. shown : None = left out."""
    return {
        "layout": letter.layout,
        "page_html": sha256(letter_html(letter, appendix).encode()),
        "days": row_prints(days) if days else [],
        "fingerprint": fingerprint(shown) if shown is not None else "",
    }


def papers_html(papers: Papers) -> str:
    """The page with its appendix, and the package as a link at the end."""
    return with_package(letter_html(papers.letter, papers.appendix), papers.content)


def papers_pdf(papers: Papers, paper: Paper = "a4") -> bytes:
    """The PDF with the package attached, and beside it what people want to open without unpacking."""
    return letter_pdf(
        papers.letter,
        papers.appendix,
        paper=paper,
        made=papers.made,
        attached=attachments(papers.files, papers.content),
    )


def attachments(files: Mapping[str, bytes], content: bytes) -> tuple[Attached, ...]:
    """What is attached to the PDF, in a fixed order."""
    beside = (
        ("days.csv", "text/csv", say("The diary, one row a day, as analysed")),
        ("fhir.json", "application/fhir+json", say("The letter as FHIR R4")),
        ("protocol.json", "application/json", say("The protocol as it was locked")),
    )
    package = Attached(ZIP_NAME, content, "application/zip", say("Everything from which this letter was made"))
    return (package, *(Attached(n, files[n], mime, words) for n, mime, words in beside if n in files))


def as_json(record: object) -> bytes:
    """JSON as it is written to a file: sorted, indented, no NaN."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True).encode() + b"\n"


def timeless_record(analysis: Analysis) -> Json:
    """`export.record` without how long it took, which is never twice the same."""
    return analysis_record(analysis) | {"seconds": None}


def letter_record(letter: Letter, appendix: Sequence[Part], background: Background, label: str) -> Json:
    """Every sentence of the letter and its appendix; of the pictures their sentences."""
    record = asdict(letter)
    for name in ("days", "since", "fifty"):
        figure: Figure | None = getattr(letter, name)
        record[name] = None if figure is None else figure.sentence
    made = background.made.isoformat() if background.made is not None and background.dates else None
    return {
        "letter": record,
        "appendix": [asdict(part) for part in appendix],
        "background": asdict(background) | {"made": made},
        "label": label,
    }


def protocol_record(request: Request) -> Json:
    """The locked protocol with its amendments, and boxes opened before the end: as they are kept."""
    return {
        "history": [each.record for each in request.protocol],
        "opened": [each.record for each in request.opened],
    }


def _shareable(analysis: Analysis, background: Background, making: Making) -> tuple[Analysis | None, str]:
    """The analysis of what may be handed on, and why there is none where it would say anything else.

    What the person leaves out of the letter is left out of the days; then the answer is computed from what is left, and
    the days go with the letter only where they give the same words and pictures.
    """
    request = request_of(analysis, making.seed)
    brought = analysis.with_evidence is not None and not request.evidence
    if brought:
        return None, say("The evidence beside the answer is a file of one's own, so the days are left out.")
    if background.dates and background.others and _clean(analysis):
        return analysis, ""
    diary = analysis.diary
    if not background.others:
        if request.question.adjust or request.question.against:
            return None, say("Without the other medicines the answer cannot be recomputed, so the days are left out.")
        diary = without_others(diary, request.question.treatment)
    if not background.dates:
        if request.protocol or request.question.schedule or request.question.weekday or request.question.yearly:
            return None, say("Without calendar dates the answer cannot be recomputed, so the days are left out.")
        diary = replace(diary, dated=False, first_day=1, problems=())
    try:
        again = recompute(diary, request, analysis.certificate)
    except CallError:
        again = None
    if again is None or _told(again, background, making) != _told(analysis, background, making):
        return None, say("What may be handed on does not give the same letter again, so the days are left out.")
    return again, ""


def _told(analysis: Analysis, background: Background, making: Making) -> tuple[object, ...]:
    """Everything that the letter says of an analysis, but for the fingerprint of its days."""
    own = data_print(analysis, background)
    parts = [part for part in appendix_of(analysis, background) if not any(own in words for words in part.paragraphs)]
    return letter_of(analysis, background, label=making.label), parts


def _clean(analysis: Analysis) -> bool:
    """True where reading the analysed days again finds no further slip in them."""
    diary = analysis.diary
    return without_slips(diary, analysis.question.outcome, diary.medicines) is diary


def without_others(diary: Diary, treatment: str) -> Diary:
    """The diary without every other medicine and what was taken for relief."""
    others = [name for name in diary.medicines if name != treatment]
    kept = {
        name: values
        for name, values in diary.columns.items()
        if not name.startswith(RESCUE_PREFIX)
        and not any(name.startswith(f"{other}_") or name == other + DOSE_SUFFIX for other in others)
    }
    return replace(diary, columns=kept, problems=())


def _without_hidden(request: Request, background: Background) -> Json:
    """What was asked, without the names and dates that the person leaves out."""
    record = request_record(request)
    if not background.dates:
        record["looks"]["planned"] = []
        record["question"]["schedule"] = None
    if not background.others:
        record["question"]["adjust"] = []
    return record


def readme(letter: Letter, names: Iterable[str], diary: Diary | None, missing: str, public: bytes) -> bytes:
    """README.txt of a package. names : of its files. diary : None = the days are left out, `missing` says why.

    public : key that checks the signature, b"" = unsigned.
    """
    names = set(names)
    template = Environment(
        loader=PackageLoader("nightdose.letter"), undefined=StrictUndefined, keep_trailing_newline=True
    ).get_template("package.txt")
    return template.render(
        question=letter.question, word=letter.word, sentence=letter.sentence,
        days="" if diary is None else diary.days,
        columns="" if diary is None else ", ".join(diary.columns),
        protocol="protocol.json" in names, drug=DRUG_FILE in names, analysis="analysis.json" in names,
        others=sorted(names - OUR_FILES),
        missing=missing, engine=letter.engine, signed=bool(public),
        key_print=key_print(public) if public else "", key_words=four_words(key_print(public)) if public else "",
    ).encode()  # fmt: skip


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip with fixed times and rights: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, RIGHTS << 16
            archive.writestr(entry, content)
    return out.getvalue()


def with_package(page: str, package: bytes) -> str:
    """The HTML page with the package as a link at its end; no script, no outside request."""
    words = say("Everything from which this letter was made, to check it:")
    encoded = base64.b64encode(package).decode()
    link = (
        f'<p class="package soft">{words} <a download="{ZIP_NAME}" href="data:application/zip;base64,{encoded}">'
        f"{ZIP_NAME}</a></p>\n"
    )
    head, end = page.rsplit("</main>", 1)
    return f"{head}{link}</main>{end}"


def without_package(page: str) -> tuple[str, bytes | None]:
    """(the page without its link, the package); None where it has no such link, or more than one."""
    found = LINK.findall(page)
    if len(found) != 1:
        return page, None
    return LINK.sub("", page), base64.b64decode(found[0], validate=True)


def sha256(content: bytes) -> str:
    """Hex."""
    return hashlib.sha256(content).hexdigest()
