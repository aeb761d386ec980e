"""Each number in words, picture, PDF, FHIR and JSON is the same number; no form says what the Lines forbid."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html import unescape

import pytest
from generation.messages import messages
from tests.language.test_german import FORBIDDEN as FORBIDDEN_IN_GERMAN
from tests.letter.generated import MOST_DAYS, generated
from tests.letter.letters import KINDS, made
from tests.letter.test_fhir import about, components, of_kind, texts
from tests.letter.test_letter import FORBIDDEN, text
from tests.letter.test_pdf import bare
from tests.letter.test_pdf import text as pdf_text

from nightdose.export.record import analysis_record
from nightdose.language.catalogue import reading_in
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background
from nightdose.letter.fhir.answer import PROBABILITIES
from nightdose.letter.fhir.bundle import document_bundle, fhir_bytes
from nightdose.letter.letter import letter_of
from nightdose.letter.page import letter_html
from nightdose.letter.pdf import letter_pdf
from nightdose.report.words.diary import shows_effect

FEW, MORE, MANY = range(6), range(6, 12), range(3000, 3150)
NUMBER = re.compile(r"[\u2212-]?\d[\d.,]*(?: × 10\^[\u2212-]?\d+)?")
LAST_28 = re.compile(r"28(?!.*28)", re.DOTALL)
# where a forbidden word speaks of no medicine's promise: the model's picture, days of work, what a painkiller did
OF_OTHER_THINGS = re.compile(r"(surer|more careful) than it should be|\(work, rest, company\)|partly its work")


class Forms:
    """One letter in all its forms; the PDF is made where it is asked for."""

    def __init__(self, found, background, language):
        self.language, self.analysis = language, found
        with reading_in(language):
            self.letter, self.appendix = letter_of(found, background), appendix_of(found, background)
            bundle = document_bundle(found, self.letter, background)
        self.html = letter_html(self.letter, self.appendix)
        self.read = re.sub(r"\s+", " ", unescape(text(self.html)))
        self.fhir = json.loads(fhir_bytes(bundle))
        self.json = json.loads(json.dumps(analysis_record(found)))

    @property
    def pdf(self):
        return pdf_text(letter_pdf(self.letter, self.appendix))

    def numbers(self, words):
        """[(value, decimals)] as a reader of that language takes them from the words."""
        mark, thousands = (",", ".") if self.language == "de" else (".", ",")
        found = []
        for each in NUMBER.findall(words):
            digits, _, power = each.rstrip(".,").replace("\u2212", "-").partition(" × 10^")
            plain = digits.replace(thousands, "").replace(mark, ".")
            scale = 10 ** int(power or 0)
            found.append((float(plain) * scale, 0.5 * scale * 10.0 ** -len(plain.partition(".")[2])))
        return found

    def says(self, words, *values):
        """The numbers in the words are these, to the digits that are printed."""
        read = self.numbers(words)
        same = len(read) == len(values) and all(
            abs(shown - value) <= half * 1.000001 + 1e-9 * abs(value)
            for (shown, half), value in zip(read, values, strict=False)
        )
        assert same, f"{words!r} is not {values}"

    def says_chance(self, words, p):
        """A probability in words: whole per cent, and never 0 or 100."""
        (shown, _), *_ = self.numbers(words)
        if p > 0.99 or p < 0.01:
            assert shown == (99 if p > 0.99 else 1), words
        else:
            assert abs(shown - 100 * p) <= 0.5 + 1e-9, words


@cache
def forms(which):
    """Of a generated diary (its number), or of one of the seven kinds in a language."""
    if isinstance(which, int):
        each = generated(which, 200 if which < MORE.stop else MOST_DAYS)
        return Forms(each.analysis, each.background, each.language)
    kind, language = which
    with reading_in(language):
        found = made(kind)
    return Forms(found, Background(), language)


def the_answer_is_one(each):
    """The large word stands in all forms, and the size and chances are those of the JSON."""
    record, settled = each.json, each.json["settled"]
    answer = components(about(each.fhir, "answer"))
    shown = shows_effect(each.analysis)
    size, any_better, enough = each.letter.numbers[1:4]
    if not shown:
        assert not [part for code in ("mean", *PROBABILITIES) if "dataAbsentReason" not in (part := answer[code])]
        assert not any(each.numbers(number.value) for number in (size, any_better, enough))
        assert each.letter.fifty is None
        return
    factor, unit = each.analysis.question.reading
    value, interval = size.value, size.note.replace("95", "", 1)
    if "28" in unit:
        value, interval = (LAST_28.sub("", words) for words in (value, interval))
    each.says(value, abs(factor * settled["mean"]))
    each.says(interval, *(factor * end for end in settled["interval95"]))
    each.says_chance(any_better.value, record["probability"]["better"])
    each.says_chance(enough.value, settled["meaningfully_better"])
    assert answer["mean"]["valueQuantity"]["value"] == record["improvement"]["mean"]
    assert [answer["interval95"]["valueRange"][end]["value"] for end in ("low", "high")] == record["improvement"][
        "interval95"
    ]
    for code, name in PROBABILITIES.items():
        assert answer[code]["valueQuantity"]["value"] == record["probability"][name]
    size_there = about(each.fhir, "settled")
    assert size_there["valueQuantity"]["value"] == settled["mean"]
    assert components(size_there)["meaningfully_better"]["valueQuantity"]["value"] == settled["meaningfully_better"]


def the_picture_is_of_it(each):
    """The drawn dots are the counted ones, and as many as the probability says, to one dot."""
    if each.letter.fifty is None:
        return
    svg, settled = each.letter.fifty.svg, each.json["settled"]
    drawn = {
        kind: "".join(re.findall(rf'<path[^>]*class="{kind}"[^>]*>', svg))
        for kind in ("mark", "dot-core", "cross-mark")
    }
    ring = drawn["dot-core"].count("h0")
    better, worse = drawn["mark"].count("h0") - ring, drawn["cross-mark"].count("M")
    assert better + ring + worse == 50
    counted = [round(value) for value, _ in each.numbers(each.letter.fifty.sentence)]
    assert counted == [better, 50, ring, worse]
    assert abs(better / 50 - settled["meaningfully_better"]) <= 0.5 / 50 + 1e-6 or better in (0, 50)
    assert each.numbers(each.letter.days.sentence)[-2][0] == each.json["design"]["recorded"]
    assert each.numbers(each.letter.days.sentence)[-1][0] == each.json["design"]["days"]


def what_is_counted_is_counted_once(each):
    """Bad days, evenings as planned, guesses, side effects, rescue days: of the page and of the bundle."""
    there = [entry["resource"] for entry in each.fhir["entry"]]
    bad = each.letter.numbers[0]
    if "28" not in bad.name:  # too few days for a rate, or nothing that may be compared: only counts
        assert each.analysis.verdict.answer == "cannot_be_known" or len(each.numbers(bad.value)) in (0, 4)
    elif any(code(each, one) == "bad_days" for one in there):
        parts = components(about(each.fhir, "bad_days"))
        values = [parts[arm].get("valueQuantity", {}).get("value") for arm in ("with", "without")]
        each.says(bad.value, *(value for value in values if value is not None))
    else:
        assert not each.numbers(bad.value)
    if any(code(each, one) == "adherence" for one in there):
        ratio = about(each.fhir, "adherence")["valueRatio"]
        kept, all_of = ratio["numerator"]["value"], ratio["denominator"]["value"]
        said = {round(value) for value, _ in each.numbers(each.letter.how)}
        assert {kept, all_of} <= said
    for row in each.letter.rescue.rows:
        (days,) = [
            one
            for one in of_kind(each.fhir, "Observation")
            if code(each, one) == "rescue_days" and one["code"]["text"].startswith(row[0].rstrip("…"))
        ]
        parts = components(days)
        for cell, arm in ((row[1], "with"), (row[2], "without")):
            value = parts[arm].get("valueQuantity", {}).get("value")
            assert (len(each.numbers(cell)) in (0, 2)) if value is None else each.says(cell, value) is None
    days = [one for one in of_kind(each.fhir, "Observation") if code(each, one) == "side_effect_days"]
    ratios = {
        tuple(part["valueRatio"][end]["value"] for end in ("numerator", "denominator"))
        for one in days
        for part in one["component"]
    }
    for row in each.letter.side_effects.rows:
        assert {
            tuple(round(value) for value, _ in each.numbers(cell)) for cell in row[1:] if each.numbers(cell)
        } <= ratios


def code(each, resource):
    """The local code of an Observation, or None."""
    return next(
        (c["code"] for c in resource.get("code", {}).get("coding", ()) if c["system"].startswith("urn:nightdose")), None
    )


def every_form_has_the_words(each):
    """What stands on the HTML page stands in the PDF and in FHIR's narrative."""
    said = [each.letter.question, each.letter.tried, each.letter.how, each.letter.word, each.letter.sentence]
    said += [words for number in each.letter.numbers for words in (number.name, number.value, number.note)]
    page, narrative, pdf = bare(each.read), bare(unescape(" ".join(texts(each.fhir)))), each.pdf
    for words in filter(None, map(bare, said)):
        assert words in page
        assert words in pdf
        assert words in narrative, words
    assert (
        bare(each.json["verdict"]["sentence"]).casefold().replace(bare(each.letter.word).casefold(), "")[:40]
        is not None
    )


def no_form_promises_or_orders(each):
    forbidden = FORBIDDEN_IN_GERMAN if each.language == "de" else FORBIDDEN
    everything = [each.read, *texts(each.fhir), *strings(each.json)]
    found = [forbidden.findall(OF_OTHER_THINGS.sub("", words)) for words in everything]
    assert not [words for words in found if words], found


def strings(value):
    """Every string of a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


CLAIMS = (
    the_answer_is_one,
    the_picture_is_of_it,
    what_is_counted_is_counted_once,
    every_form_has_the_words,
    no_form_promises_or_orders,
)


# English sentences with such a word, none of which promises or orders anything of a medicine: file -> how many
REVIEWED = {
    "diary/kept/database.py": 1,  # entries are safe on a full disk
    "keeping/corrections.py": 2, "keeping/jobs.py": 2, "processes.py": 1,  # what a program or an entry should have been
    "protocol/interview.py": 1, "web/templates/entry.html": 2, "web/templates/dose.html": 1,
    "web/views/plan_forms.py": 1,
    "question/weakness/habit.py": 2, "question/weakness/hope.py": 1,  # days of work; the work of an acute medicine
    "report/figures/mechanism.py": 1, "report/words/day_fit.py": 2, "report/words/evidence.py": 1,  # of a model
    "web/views/dose_curves.py": 1, "report/templates/kit_sheet.html": 2, "report/templates/wallet_card.html": 1,
    "web/views/help.py": 1,  # hope works
    "cli/log.py": 1, "cli/main.py": 1, "cli/plan_seal.py": 1, "cli/plan_titration.py": 1, "cli/simulate.py": 1,
    "knowledge/data/evidence.toml": 1, "knowledge/data/claims.toml": 6,  # quotes of what others said
    "browser/site/early.js": 1, "browser/site/worker.js": 1,  # what was confirmed before is safe: kept
    "browser/site/index.html": 1,  # how far the work is
    # asking whether it is safe, and that nothing says so; thoughts that nobody should carry alone
    "cli/safety.py": 1, "knowledge/data/interactions.toml": 8, "knowledge/data/any_drug.toml": 2,
    "knowledge/drug_file_reading.py": 1,
}  # fmt: skip


def test_no_other_sentence_of_the_catalogue_has_a_word_of_the_lines():
    """Each was read for what it says; a new one is read before its file is counted here."""
    found = Counter(file for file, each in messages() if FORBIDDEN.search(f"{each.text} {each.many}"))
    assert found == REVIEWED


KINDS_TOO = [(kind, language) for kind in KINDS for language in ("en", "de")]


@pytest.mark.parametrize(
    "which", [*FEW, *(pytest.param(each, marks=pytest.mark.long) for each in (*MORE, *KINDS_TOO))], ids=str
)
def test_five_forms_say_the_same_and_promise_nothing(which):
    each = forms(which)
    for claim in CLAIMS:
        claim(each)


@pytest.mark.slow
@pytest.mark.parametrize("which", MANY)
def test_five_forms_of_generated_analyses_say_the_same_and_promise_nothing(which):
    each = forms(which)
    for claim in CLAIMS:
        claim(each)
