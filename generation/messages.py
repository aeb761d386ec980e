"""Every sentence for people as a catalogue without translations, for translators to fill in.

python -m generation.messages > src/nightdose/language/locale/de.po     a new language
python -m generation.messages src/nightdose/language/locale/de.po       the sentences of today, what fits kept in place
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PACKAGE = Path(__file__).parents[1] / "src" / "nightdose"
BROWSER = Path(__file__).parents[1] / "browser"
TEXT = r'"((?:[^"\\]|\\.)*)"'
IN_TEMPLATE = re.compile(rf"\bsay\({TEXT}|\bsay_count\({TEXT}, {TEXT}")
IN_SHELL = re.compile(r'data-say(?: aria-label="([^"]+)"|>([^<]+)<)')
# file of the knowledge folder -> its fields that are printed as they are
IN_REPORT = "where|why|title|condition|outcome|short|words|against"
DATA = {
    "drugs.toml": IN_REPORT,
    "onset.toml": IN_REPORT,
    "evidence/*.toml": IN_REPORT,
    "evidence.toml": IN_REPORT + "|how",
    "interactions.toml": "wording|call|text|short",
    "any_drug.toml": "wording|call|text|short",
    "hypotheses.toml": "title|says|evidence",
    "questions.toml": "ask|known|open|here",
    "outcomes.toml": "words|name",
    "claims.toml": "but|context|who|evidence|diary",
    "pooled.toml": "words",
}

PART = re.compile(r'^(msg\w+(?:\[\d\])?) ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
HEAD = r"""# Sentences of nightdose. What is left empty stays English.
# {name} stands for a number or a name and has to stay as it is.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One entry: its text, its form for many, and what it is a form of ("decimal mark"); empty where there is none."""

    text: str
    many: str = ""
    kind: str = ""


def template(known: Mapping[Message, Sequence[str]] = MappingProxyType({})) -> str:
    """The whole catalogue in order of the files; known : translations so far, one a form."""
    where: dict[Message, dict[str, None]] = {}
    for path, message in messages():
        where.setdefault(message, {})[path] = None
    entries = (_entry(message, files, known.get(message, ())) for message, files in where.items())
    return HEAD + "".join(f"\n{entry}" for entry in entries)


def translated(text: str) -> dict[Message, tuple[str, ...]]:
    """The translations of a .po text as this program writes it."""
    found = {}
    for entry in text.split("\n\n"):
        parts = {key: json.loads(value) for key, value in PART.findall(entry)}
        forms = tuple(value for key, value in parts.items() if key.startswith("msgstr"))
        if parts.get("msgid") and any(forms):
            found[Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))] = forms
    return found


def messages() -> Iterator[tuple[str, Message]]:
    """(file, message) of everything that is said in code, templates, knowledge files and the browser's own scripts."""
    for path in (*sorted(PACKAGE.rglob("*.py")), *sorted((BROWSER / "python").glob("*.py"))):
        for call in calls(path):
            found = said_by(call)
            if found is not None:
                yield _short(path), found
        for text in helps(path):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield _short(path), Message(text.value)
    for path in sorted(PACKAGE.rglob("*.html")):
        for one, single, many in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield _short(path), Message(_plain(one or single), many=_plain(many))
    for path, text in in_scripts():
        yield _short(path), Message(text)
    for pattern, fields in DATA.items():
        field = re.compile(rf"(?:^|\{{ )(?:{fields}) = {TEXT}", re.MULTILINE)
        for path in sorted((PACKAGE / "knowledge" / "data").glob(pattern)):
            for text in field.findall(path.read_text(encoding="utf-8")):
                if text:
                    yield _short(path), Message(_plain(text))


def in_scripts() -> Iterator[tuple[Path, str]]:
    """(file, sentence) of what a browser says by itself, without Python."""
    for path in sorted((BROWSER / "site").glob("*.js")):
        for one, _, _ in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield path, _plain(one)
    shell = BROWSER / "site" / "index.html"
    for found in IN_SHELL.findall(shell.read_text(encoding="utf-8")):
        yield shell, "".join(found)


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call of a plain name in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def helps(path: Path) -> Iterator[ast.expr]:
    """Every text given as `help=`, which `cli/parser.py` says."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "help":
            yield node.value


def said_by(call: ast.Call) -> Message | None:
    """The message of a call of `say`, `mark`, `say_count` or `say_form` with its text written out."""
    assert isinstance(call.func, ast.Name)
    texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if call.func.id in ("say", "mark") and len(texts) == 1:
        return Message(texts[0])
    if call.func.id == "say_count" and len(texts) == 2:
        return Message(texts[0], many=texts[1])
    if call.func.id == "say_form" and len(texts) == 2:
        return Message(texts[1], kind=texts[0])
    return None


def _entry(message: Message, files: dict[str, None], forms: Sequence[str]) -> str:
    lines = [f"#: {file}" for file in files]
    if message.kind:
        lines.append(f"msgctxt {_quoted(message.kind)}")
    lines.append(f"msgid {_quoted(message.text)}")
    if message.many:
        lines.append(f"msgid_plural {_quoted(message.many)}")
        lines += [f"msgstr[{i}] {_quoted(form)}" for i, form in enumerate(forms or ("", ""))]
    else:
        lines.append(f"msgstr {_quoted(forms[0] if forms else '')}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """What stands between quotes, its escapes undone."""
    return str(json.loads(f'"{text}"'))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _short(path: Path) -> str:
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else BROWSER.parent).as_posix()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        kept = Path(sys.argv[1])
        kept.write_text(template(translated(kept.read_text(encoding="utf-8"))), encoding="utf-8")
    else:
        print(template(), end="")
