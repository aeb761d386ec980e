"""docs/model.md, written from the model's description and the passports, so that it cannot drift from the code.

python -m generation
"""

from __future__ import annotations

from collections.abc import Iterable

from nightdose.knowledge.hypotheses import hypotheses
from nightdose.knowledge.load import parameters, references
from nightdose.knowledge.mechanism import Mechanism
from nightdose.knowledge.parameter import Parameter
from nightdose.mechanism.expressions import names_in
from nightdose.mechanism.people import READINGS
from nightdose.mechanism.system import MECHANISMS

HEAD = """# The mechanism

Written by `python -m generation` from the description that also makes the compiled kernel
(`generation/kernel.py`), the slow reference (`mechanism/reference.py`), SBML and Antimony (`mechanism/interchange.py`).
A test holds this page to the code. Time `t` is hours since midnight of day 0; amounts nmol, concentrations nM.
What is not the drug or its block is relative to an untreated body. `d(x)/dt` is per hour.

It is a model of a claim, not a claim. Each link has a strength between 0 and 1 and a grade of evidence; with all at 0
nothing but receptor blockade remains (`tests/mechanism/test_mechanism.py`). Numbers marked **assumed** have a reason
instead of a source. What the model cannot say is in `limits.md`, how well it meets published values in `accuracy.md`.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, _links(), _readings()]
    parts += [_part(mechanism) for mechanism in MECHANISMS]
    parts += [_around(), _sources()]
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _links() -> str:
    rows = (
        (f"`{link.name}`", link.says, f"{link.published:g}", link.grade_words, link.evidence)
        for link in hypotheses().values()
    )
    return "## Links that can be switched\n\n" + _table(
        ("link", "says", "strength as published", "evidence", "what was seen"), rows
    )


def _readings() -> str:
    sides = "; ".join(f"`{name}`: {', '.join(options)}" for name, options in READINGS.items())
    return f"""## Conflicts between studies

The first side is the default ({sides}); both are carried, never averaged.

- *How long a low dose blocks*: the link `short_block` (mouse figure) against scans of people. Both keep the measured
  oral dose for half occupancy (`short_block_gain`). Every picture of a regimen shows both.
- *Whether the end of the block depends on the dose*: reading `offset`. `by_dose`: where no dose is larger than D mg,
  `release` is multiplied by `offset_low ** (1 / (1 + (D / offset_dose) ** offset_steepness))`; `one_curve`: it is not.
  How strongly the data ask for the first stands in `accuracy.md`; what is said before an operation takes the second.
- *Plasma against occupancy*: plasma half-life does not give occupancy, the drug leaves the receptor in minutes: hence
  `effect_site` (follows plasma) and `retained`.
- *Exposure per milligram* differs fourfold between studies: reading `exposure` takes the typical, a low or a high side.
  Occupancy is anchored at the dose, so `dissociation_mu` moves along.
- *Systemic clearance* 94 against 210 L/h: reading `clearance`. Oral data fix clearance over `escape` only; both give
  the same plasma curve (a test).
- *Half-life* 3 to 4 h against 9 to 10 h: two phases of one curve, read in different windows.
- *Volumes* of Licko 1981 contradict its own clearance and are not used.
- *TLR4*: the link `tlr4_block` acts at the measured potency, which is more than ten thousand times too weak.
- *Nitric oxide*: `no_blocks_uptake` and its rival `no_raises_release` are separate links.
"""


def _part(part: Mechanism) -> str:
    where = f"mechanism/{part.name}.py: {part.name.upper()}"
    used: dict[str, None] = {}
    texts = [q.equation for q in part.quantities] + list(part.rates.values()) + [s.initial for s in part.states]
    for text in texts:
        used.update(dict.fromkeys(names_in(text)))
    lines = [f"## {part.title}", "", f"`{where}`. Rests on: {part.source}. Wrong when: {part.wrong_when}.", ""]
    for quantity in part.quantities:
        lines += [f"    {quantity.name} = {quantity.equation}", ""]
        lines += [f"{quantity.meaning} [{quantity.unit}]", ""]
    for state in part.states:
        start = "" if state.initial == "0" else f"; starts at `{state.initial}`"
        lines += [
            f"    d({state.name})/dt = {part.rates[state.name]}",
            "",
            f"{state.meaning} [{state.unit}]{start}",
            "",
        ]
    known = _passports()
    rows = [_passport(known[name]) for name in used if name in known]
    return "\n".join(lines) + "\n" + _table(("number", "value", "kind", "spread", "source, or why"), rows)


def _passports() -> dict[str, Parameter]:
    return {**parameters("mechanism"), **parameters("calibrated"), **parameters("calibrated_course")}


def _passport(entry: Parameter) -> tuple[str, str, str, str, str]:
    spread = ", ".join(f"{key} {value}" for key, value in entry.spread.items() if key != "family")
    words = "" if entry.spread["family"] == "none" else f"{entry.spread['family']} {spread}"
    kind = f"**{entry.kind}**" if entry.kind == "assumed" else entry.kind
    source = entry.why if entry.kind == "assumed" else f"`{entry.source}`: {entry.where}"
    unit = "" if entry.unit == "1" else f" {entry.unit}"
    return f"`{entry.name}`", f"{entry.value:.4g}{unit}", kind, words, source


def _around() -> str:
    others = ("people", "ups_and_downs")
    elsewhere = [
        "molar_mass", "salt_fraction", "metabolite_molar_mass", "clearance_licko", "deep_half_life", "trigger_rate",
        "trigger_size", "cirrhosis_escape", "cirrhosis_clearance", "cirrhosis_first_pass", "weight_slope",
        "weight_clearance", "weight_reference",
    ]  # fmt: skip
    known = _passports()
    text = "## Around the equations\n\n"
    text += (
        "Doses (`mechanism/compartments.py: dose_nmol`), covariates and readings (`mechanism/people.py: apply_body`), "
    )
    text += "chance triggers (`mechanism/people.py: triggers`):\n\n"
    text += _table(
        ("number", "value", "kind", "spread", "source, or why"), (_passport(known[name]) for name in elsewhere)
    )
    for name, words in zip(
        others,
        (
            "How people differ (`mechanism/people.py: sampled_person`): sd of the logarithm between persons, on top of "
            "the joint uncertainty of the fitted values (`calibrated_joint.toml`).",
            "What turns a score into a diary (`mechanism/virtual_diaries.py: written_noise`).",
        ),
        strict=True,
    ):
        rows = (_passport(entry) for entry in parameters(name).values())
        text += f"\n{words}\n\n" + _table(("number", "value", "kind", "spread", "source, or why"), rows)
    return text


def _sources() -> str:
    used = {entry.source for entry in _passports().values()} | {
        key for link in hypotheses().values() for key in (link.support, link.against)
    }
    used |= {entry.source for name in ("people", "ups_and_downs") for entry in parameters(name).values()}
    lines = ["## Sources", ""]
    for key in sorted(used - {""}):
        fields = references()[key]
        journal = fields.get("journal", "")
        lines.append(
            f"- `{key}`: {fields.get('author', '').replace(' and others', ' et al.')} {fields['title']}. {journal} "
            f"{fields['year']}. <{fields['url']}> ({fields.get('note', 'not read')})".replace(":  ", ": ")
        )
    return "\n".join(lines) + "\n"
