"""What translators get is what is said, and every {name} in a sentence is filled in."""

from __future__ import annotations

import ast
import io
import string
from gettext import GNUTranslations

import pytest
from generation.messages import PACKAGE, calls, said_by, template

from nightdose.language.catalogue import Language, reading_in, say
from nightdose.language.po import compiled, entries


def test_a_catalogue_in_which_every_sentence_is_translated_is_read_back():
    """The template with each empty translation filled in by its own key in capitals."""
    shouted = template().replace('msgstr ""\n\n', 'msgstr "SHOUTED"\n\n')
    assert len(dict(entries(shouted))) > 300
    german = Language("xx", GNUTranslations(io.BytesIO(compiled(shouted))))
    with reading_in(german):
        assert say("The answer") == "SHOUTED"
        assert say("Why this answer") == "SHOUTED"


def filled_in(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_name_in_a_sentence_is_given_and_every_name_given_is_in_it(path):
    for call in calls(path):
        message = said_by(call)
        if message is None or call.func.id == "mark" or any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords}
        wanted = filled_in(message.text) | filled_in(message.many)
        if call.func.id == "say_count":
            given |= {"n"} & wanted
        assert given == wanted, message.text


def test_no_sentence_is_put_together_before_it_is_said():
    """An f-string inside `say(...)` would be a key that no catalogue holds."""
    found = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in calls(path)
        if call.func.id in ("say", "say_count", "mark")
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in call.args)
    ]
    assert found == []
