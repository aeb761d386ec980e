"""The evening at a terminal: what was typed is never lost, and the same evening twice doubles nothing."""

import io

import pytest

from nightdose.cli import main


class Keyboard(io.StringIO):
    """What a person types, line after line; then Ctrl-D."""

    def isatty(self):
        return True


@pytest.fixture
def evening(tmp_path, monkeypatch, capsys):
    """Answers the questions of tonight: (exit code, what was printed). The plan has no dose yet, so none is asked."""
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "diary.db"))
    main(["log", "--start", "--plain", "--outcome", "pain:0-10"])
    main(["log", "--dose", "naltrexone=1.5mg@22:30", "--day", "yesterday"])
    capsys.readouterr()

    def run(*lines):
        monkeypatch.setattr("sys.stdin", Keyboard("".join(f"{line}\n" for line in lines)))
        code = main(["log"])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def table(tmp_path, capsys):
    main(["log", "--table", str(tmp_path / "t.csv")])
    capsys.readouterr()
    return (tmp_path / "t.csv").read_text().splitlines()[-1]


def test_the_same_evening_twice_corrects_the_score_and_asks_about_the_dose(evening, tmp_path, capsys):
    assert evening("4", "22:30", "")[0] == 0
    code, printed = evening("6", "23:10", "", "instead")
    assert code == 0
    assert "instead of it, or a second one?" in printed
    assert table(tmp_path, capsys).endswith("1.5,23:10,6")


def test_an_evening_answered_again_in_the_same_words_changes_nothing(evening, tmp_path, capsys):
    evening("4", "22:30")
    _, printed = evening("4", "22:30")
    assert "Nothing was entered" in printed
    assert table(tmp_path, capsys).endswith("1.5,22:30,4")


@pytest.mark.parametrize(("word", "mg"), [("second", "3"), ("", "1.5"), (None, "1.5")])
def test_a_second_capsule_has_to_be_said_and_nothing_else_is_lost(word, mg, evening, tmp_path, capsys):
    """None: the keyboard ends at that question."""
    evening("4", "22:30")
    code, _ = evening("7", "23:50", "", *([] if word is None else [word]))
    assert code == 0
    _, dose, _, pain = table(tmp_path, capsys).split(",")
    assert (dose, pain) == (mg, "7")


@pytest.mark.parametrize(("word", "mg"), [("45", "45"), ("", "")])
def test_a_tenfold_dose_is_asked_about_and_the_rest_of_the_evening_is_kept(word, mg, evening, tmp_path, capsys):
    code, printed = evening("4", "45 mg at 22:30", "", word)
    assert code == 0
    assert "Is 4.5 mg meant?" in printed
    cells = table(tmp_path, capsys).split(",")
    assert (cells[1], cells[-1]) == (mg, "4")


def test_whoever_stops_half_way_keeps_what_was_answered(evening, tmp_path, capsys):
    """Ctrl-D at the second question."""
    code, printed = evening("4")
    assert code == 0
    assert "what you answered is kept" in printed
    assert table(tmp_path, capsys).endswith("4")
