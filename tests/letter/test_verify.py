"""A letter that was changed is found out and the change is named; one that was not agrees."""

import base64
import datetime
import io
import json
import zipfile
from functools import cache

import pikepdf
import pytest
from tests.letter.letters import KINDS, analysis

from nightdose.errors import InputError
from nightdose.letter import differences
from nightdose.letter import verify as checking
from nightdose.letter.background import Background, Tried
from nightdose.letter.opened import unzipped
from nightdose.letter.package import Making, papers_html, papers_of, papers_pdf, sha256, zipped
from nightdose.letter.signing import own_key
from nightdose.letter.verify import verify

MADE = datetime.date(2026, 11, 27)
BACKGROUND = Background(name="Kim <b>", condition="migraine", made=MADE, tried=(Tried("topiramate", "100 mg"),))


@cache
def papers(kind="no_meaningful_difference", **background):
    changed = Background(**{"name": BACKGROUND.name, "made": MADE, "tried": BACKGROUND.tried} | background)
    return papers_of(analysis(kind), changed, Making(label="EXAMPLE"))


def form(kind, which="no_meaningful_difference", **background):
    made = papers(which, **background)
    return {"zip": lambda: made.content, "html": lambda: papers_html(made).encode(), "pdf": lambda: papers_pdf(made)}[
        kind
    ]()


def said(found):
    return "\n".join(check.sentence for check in found.checks if check.state == "differs")


def changed(name, old, new):
    """The package with other bytes in one file, its manifest as it was."""
    files = dict(papers().files)
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    return zipped(files)


@pytest.mark.parametrize("kind", ["zip", "html", "pdf"])
@pytest.mark.parametrize("which", KINDS)
def test_a_letter_as_it_was_written_agrees(kind, which):
    found = verify(form(kind, which))
    assert said(found) == ""
    assert found.agrees
    assert found.recomputed == papers(which).letter.word


@pytest.mark.parametrize("kind", ["html", "pdf"])
@pytest.mark.parametrize("kept_back", [{"dates": False}, {"others": False}])
def test_one_without_dates_or_other_medicines_agrees_too(kind, kept_back):
    assert verify(form(kind, "helps", **kept_back)).agrees


def test_a_letter_on_the_other_paper_agrees():
    assert verify(papers_pdf(papers(), "us-letter")).agrees


def test_a_changed_day_is_named():
    row = papers().files["days.csv"].splitlines()[40]
    assert row.startswith(b"2021-09-06,")
    found = verify(changed("days.csv", row, row.replace(b",", b",0", 1)))
    assert "days.csv was changed after the letter was written. Changed: 2021-09-06." in said(found)


def test_a_day_that_makes_another_answer_is_said_with_the_numbers_that_it_moves():
    rows = papers().files["days.csv"].splitlines()
    worse = [
        row if at < 60 or at > 90 else b",".join([row.split(b",")[0], b"9.0", *row.split(b",")[2:]])
        for at, row in enumerate(rows)
    ]
    found = verify(changed("days.csv", b"\n".join(rows[1:]), b"\n".join(worse[1:])))
    assert "improvement.mean is " in said(found)
    assert not found.agrees


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            b'"answer": "no_meaningful_difference"',
            b'"answer": "helps"',
            "verdict.answer is “helps” in the letter; the days give “no_meaningful_difference”",
        ),
        (b'"ceiling": "', b'"ceiling": "very ', "verdict.ceiling is “very "),
        (b'"meaningful": 3.0', b'"meaningful": 2.5', "meaningful is 2.5 in the letter; the days give 3."),
    ],
)
def test_a_changed_number_of_the_answer_is_named(old, new, named):
    found = verify(changed("analysis.json", old, new))
    assert "analysis.json was changed after the letter was written." in said(found)
    assert named in said(found)


def test_a_number_that_differs_in_its_ninth_digit_is_not_the_same_and_in_its_twelfth_it_is():
    assert not differences.same(1.0, 1.0 + 1e-8)
    assert differences.same(1.0, 1.0 + 1e-12)
    assert not differences.same(None, 0.0)
    assert not differences.same(True, 1)


def test_a_changed_sentence_is_named_with_what_should_stand_there():
    found = verify(changed("letter.json", b'"word": "No difference that matters"', b'"word": "Helps"'))
    assert "letter.word says “Helps”; the days give “No difference that matters”." in said(found)


@pytest.mark.parametrize(
    ("old", "new"), [("No difference that matters", "Helps"), ("EXAMPLE", ""), ("Kim &lt;b&gt;", "Kim")]
)
def test_a_changed_word_on_the_html_page_is_named(old, new):
    page = form("html").decode()
    assert old in page
    assert "The page says “" in said(verify(page.replace(old, new, 1).encode()))


def edited(content, edit):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        edit(pdf)
        pdf.save(out)
    return out.getvalue()


def test_changed_words_on_a_page_of_the_pdf_are_named():
    def swap(pdf):
        page = pdf.pages[0]
        drawn = list(pikepdf.parse_content_stream(page))
        at = [i for i, (_, operator) in enumerate(drawn) if str(operator) in ("Tj", "TJ")]
        drawn[at[0]], drawn[at[3]] = drawn[at[3]], drawn[at[0]]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(drawn))

    assert "Page 1 says “" in said(verify(edited(form("pdf"), swap)))


def test_a_pdf_saved_anew_by_another_program_has_the_same_words_and_is_not_the_same_file():
    found = verify(edited(form("pdf"), lambda pdf: None))
    assert (
        said(found) == "The words of the pages are the same, but the file was changed or saved anew by another program."
    )


def test_an_attached_table_that_is_not_the_one_of_the_package_is_named_with_its_day():
    def swap(pdf):
        other = papers().files["days.csv"].replace(b"\n2021-08-01,", b"\n2021-08-01,1", 1)
        del pdf.attachments["days.csv"]
        pdf.attachments["days.csv"] = pikepdf.AttachedFileSpec(pdf, other, filename="days.csv")

    assert "The attached days.csv is not the one in the package. Changed: 2021-08-01." in said(
        verify(edited(form("pdf"), swap))
    )


def test_files_put_in_and_taken_out_are_named():
    files = dict(papers().files)
    del files["README.txt"]
    files["more.txt"] = b""
    found = said(verify(zipped(files)))
    assert "README.txt was taken out." in found
    assert "more.txt was put in." in found


def rehashed(name, old, new):
    """The package with other words in one file and hashes that fit them, as a forger would write it."""
    files = dict(papers().files)
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    manifest = json.loads(files["manifest.json"])
    if name != "manifest.json":
        manifest["files"][name] = sha256(files[name])
        files["manifest.json"] = json.dumps(manifest).encode()
    return verify(zipped(files))


def test_another_answer_in_the_package_s_own_readme_is_named_though_its_hash_fits():
    found = said(rehashed("README.txt", b"No difference that matters", b"Helps"))
    assert "README.txt says “" in found
    assert "Helps" in found


@pytest.mark.parametrize("name", ["layout", "page_html", "fingerprint", "days"])
def test_what_the_manifest_says_of_the_days_is_made_anew(name):
    files = dict(papers().files)
    manifest = json.loads(files["manifest.json"]) | {name: "another"}
    found = verify(zipped(files | {"manifest.json": json.dumps(manifest).encode()}))
    assert f"manifest.json says of the days what they do not give: {name}." in said(found)


def test_a_question_that_is_read_as_something_else_than_it_says_is_refused():
    with pytest.raises(InputError, match=r"question\.json is not as nightdose writes it: sensitivity"):
        rehashed("question.json", b'"sensitivity": false', b'"sensitivity": "no"')


def test_a_choice_that_is_read_as_something_else_than_it_says_is_named():
    assert "background.others" in said(rehashed("letter.json", b'"others": true', b'"others": "xxx"'))


def test_names_in_a_forged_file_steer_nothing():
    found = rehashed("fhir.json", b'"resourceType"', b'"\\u001b[2J": 1, "resourceType"')
    assert said(found)
    assert "\x1b" not in said(found)


def test_a_signature_agrees_until_the_manifest_or_the_key_is_another(tmp_path):
    key, other = own_key(tmp_path / "a.pem"), own_key(tmp_path / "b.pem")
    files = dict(papers_of(analysis("short"), BACKGROUND, Making(key=key)).files)
    found = verify(zipped(files))
    assert found.agrees
    assert len(found.signed_by) == 64
    wrong = "The signature is not that of this letter."
    assert wrong in said(verify(zipped(files | {"manifest.pub": other.public})))
    assert wrong in said(verify(zipped(files | {"manifest.json": files["manifest.json"] + b"\n"})))
    assert wrong in said(verify(zipped({name: c for name, c in files.items() if name != "manifest.pub"})))


def test_everything_changed_together_agrees_and_only_the_key_is_another(tmp_path):
    """What no program can find out: another letter, consistent in itself; docs/verify.md says so."""
    first = papers_of(analysis("short"), BACKGROUND, Making(key=own_key(tmp_path / "a.pem")))
    forged = papers_of(analysis("helps"), BACKGROUND, Making(key=own_key(tmp_path / "b.pem")))
    found = verify(forged.content)
    assert found.agrees
    assert found.signed_by != verify(first.content).signed_by


def test_the_error_rate_is_taken_as_it_stands_unless_it_is_asked_for():
    from nightdose.keeping.answer import Wanted, full_answer

    whole = full_answer(analysis("helps").diary, analysis("helps").question, Wanted(certificate=4, looked=1))
    assert whole.certificate is not None
    files = dict(papers_of(whole, BACKGROUND).files)
    was = json.loads(files["analysis.json"])
    was["certificate"]["false_alarm"] = 0.75
    files["analysis.json"] = json.dumps(was).encode()
    assert "certificate.false_alarm" not in said(verify(zipped(files)))
    assert "not computed anew" in "".join(check.sentence for check in verify(zipped(files)).checks)
    assert "certificate.false_alarm is 0.75 in the letter" in said(verify(zipped(files), certificate=True))


@pytest.mark.parametrize("kind", ["zip", "html", "pdf"])
def test_without_days_nothing_is_computed_and_it_does_not_count_as_agreement(kind):
    from dataclasses import replace

    found = full(kind)
    assert said(found) == ""
    assert not found.agrees
    assert "The person left the days out" in "".join(check.sentence for check in found.checks)
    assert replace(found, recomputed="x").agrees


@cache
def full(kind):
    from dataclasses import replace

    from nightdose.keeping.answer import Wanted, full_answer

    asked = replace(analysis("helps").question, weekday=True)
    made = papers_of(full_answer(analysis("helps").diary, asked, Wanted()), Background(made=MADE, dates=False))
    assert made.missing
    return verify({"zip": made.content, "html": papers_html(made).encode(), "pdf": papers_pdf(made)}[kind])


def test_another_typst_compares_the_words_and_says_that_it_compared_no_more(monkeypatch):
    monkeypatch.setattr(checking, "typst_version", lambda: "9.9.9")
    found = verify(edited(form("pdf"), lambda pdf: None))
    (page,) = [check for check in found.checks if check.what == "page"]
    assert page.state == "not checked"
    assert "another Typst" in page.sentence


def test_another_engine_is_named(monkeypatch):
    monkeypatch.setattr(checking, "version", lambda name: "9.9.9")
    assert "checked by 9.9.9" in "".join(check.sentence for check in verify(form("zip")).checks)


def test_the_package_reads_back_to_its_files():
    assert unzipped(papers().content) == dict(papers().files)


def repacked(files, **about):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, about.get("date", (1980, 1, 1, 0, 0, 0)))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            entry.extra, archive.comment = about.get("extra", b""), about.get("comment", b"")
            archive.writestr(entry, content, compresslevel=about.get("level", 9))
    return out.getvalue()


@pytest.mark.parametrize(
    "added",
    [
        lambda zip: zip + b"x",
        lambda zip: zip + bytes(4000),
        lambda zip: b"PK\x07\x08" + zip,
        lambda zip: repacked(papers().files, comment=b"all is well"),
        lambda zip: repacked(papers().files, extra=b"\x99\x99\x04\x00abcd"),
        lambda zip: repacked(papers().files, date=(2026, 11, 27, 1, 2, 4)),
    ],
    ids=["a byte", "zeros", "before", "comment", "extra", "packed anew"],
)
@pytest.mark.parametrize("kind", ["zip", "html"])
def test_bytes_that_belong_to_nothing_differ_in_every_form(kind, added):
    changed = added(papers().content)
    page = papers_html(papers()).encode().replace(base64.b64encode(papers().content), base64.b64encode(changed))
    found = verify(changed if kind == "zip" else page)
    assert not found.agrees
    assert "The package" in said(found)


def test_the_same_files_squeezed_by_another_zlib_agree():
    other = repacked(papers().files, level=1)
    assert other != papers().content
    assert verify(other).agrees
