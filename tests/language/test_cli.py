"""The command line speaks the reader's language: its help, its sentences, argparse's complaints."""

from __future__ import annotations

import ast
import re

import pytest
from generation.messages import PACKAGE, helps
from tests.language.pseudo import INNERMOST, PSEUDO

from nightdose.cli.main import COMMANDS, main, parse
from nightdose.language.catalogue import reading_in

FILES = sorted((PACKAGE / "cli").glob("*.py"))
SAID = ("say", "say_count", "say_form", "mark")
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;.?!]? +[a-z]{2,}")
TYPED = (*COMMANDS, "nightdose", "#")  # what begins so is typed, or is a comment in a file, the same in every language


def unsaid(node):
    """(line, text) of every text of two words or more that is shown without passing the catalogue."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in SAID:
            return
        case ast.keyword(arg="help" | "metavar" | "default") | ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(text)) if TWO_WORDS.search(text) and text.split()[0] not in TYPED:
            yield node.lineno, text
    for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        yield from unsaid(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_sentence_of_the_command_line_goes_past_the_catalogue(path):
    assert list(unsaid(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_help_text_is_whole_before_it_is_said(path):
    assert not [text for text in helps(path) if isinstance(text, ast.JoinedStr | ast.BinOp)]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["plan", "trial"], ["safety", "medicine"]])
def test_help_is_read_in_the_language_of_the_reader(command, capsys):
    with reading_in(PSEUDO), pytest.raises(SystemExit):
        parse([*command, "--help"])
    left = re.sub(r"\s+", " ", capsys.readouterr().out.partition("\n\n")[2])
    left = re.sub(r"--?[a-z][a-z-]*", "|", left)
    while INNERMOST.search(left):
        left = INNERMOST.sub("|", left)
    assert "|" in left
    assert re.findall("[a-z]{2,} [a-z]{2,}", left) == []


def test_a_wrong_call_is_refused_in_german(capsys):
    with pytest.raises(SystemExit):
        main(["--language", "de", "analyse", "d.csv", "--scale", "stars"])
    assert "ungültige Auswahl: 'stars'" in capsys.readouterr().err
    assert main(["--language", "de", "simulate", "--people", "0"]) == 2
    assert "--people 0 lässt sich nicht simulieren" in capsys.readouterr().err
