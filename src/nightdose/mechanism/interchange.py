"""The model in other programs' languages: SBML (level 3 version 1) and Antimony, one person with their doses.

Rate rules and assignment rules carry the very equations of the description; each dose is one event.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from nightdose.mechanism.intake import Event, Intake
from nightdose.mechanism.reference import evaluate_initial
from nightdose.mechanism.system import QUANTITIES, RATES, STATE_NAMES, STATES, parameter_names

TIME = "http://www.sbml.org/sbml/symbols/time"
_OPERATORS = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide", ast.Pow: "power"}


def _merged(intake: Intake) -> list[Event]:
    """Amounts that enter one state at one time as one event: simulators differ on what simultaneous events do."""
    sums: dict[tuple[float, str], float] = {}
    for event in intake.events:
        sums[event.time_h, event.state] = sums.get((event.time_h, event.state), 0.0) + event.amount
    return [Event(time_h, state, amount) for (time_h, state), amount in sums.items()]


def _number(value: float) -> str:
    mantissa, _, exponent = repr(float(value)).partition("e")
    if exponent:
        return f'<cn type="e-notation">{mantissa}<sep/>{int(exponent)}</cn>'
    return f"<cn>{mantissa}</cn>"


def _mathml(tree: ast.expr) -> str:
    match tree:
        case ast.Constant(value=float() | int() as value):
            return _number(value)
        case ast.Name(id="t"):
            return f'<csymbol encoding="text" definitionURL="{TIME}">t</csymbol>'
        case ast.Name(id=name):
            return f"<ci>{name}</ci>"
        case ast.UnaryOp(operand=inner):
            return f"<apply><minus/>{_mathml(inner)}</apply>"
        case ast.BinOp(left=left, op=operator, right=right):
            return f"<apply><{_OPERATORS[type(operator)]}/>{_mathml(left)}{_mathml(right)}</apply>"
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return f"<apply><{name}/>{_mathml(inner)}</apply>"
    raise AssertionError(f"{ast.dump(tree)} is not part of the equation language")


def _math(text: str) -> str:
    body = _mathml(ast.parse(text, mode="eval").body)
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{body}</math>'


def sbml(person: Mapping[str, float], intake: Intake) -> str:
    """The model, this person's parameters and this person's doses as one SBML document. Time is hours."""
    initial = evaluate_initial(person)
    variables = [
        f'<parameter id="{state.name}" name={quoteattr(f"{state.meaning} [{state.unit}]")} '
        f'value="{float(value)!r}" constant="false"/>'
        for state, value in zip(STATES, initial, strict=True)
    ]
    variables += [
        f'<parameter id="{q.name}" name={quoteattr(f"{q.meaning} [{q.unit}]")} constant="false"/>' for q in QUANTITIES
    ]
    variables += [
        f'<parameter id="{name}" value="{float(person[name])!r}" constant="true"/>' for name in parameter_names()
    ]
    rules = [f'<assignmentRule variable="{q.name}">{_math(q.equation)}</assignmentRule>' for q in QUANTITIES]
    rules += [f'<rateRule variable="{name}">{_math(RATES[name])}</rateRule>' for name in STATE_NAMES]
    events = [
        f'<event id="dose{i}" useValuesFromTriggerTime="true"><trigger initialValue="false" persistent="true">'
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><geq/>'
        f'<csymbol encoding="text" definitionURL="{TIME}">t</csymbol>{_number(event.time_h)}</apply></math></trigger>'
        f'<listOfEventAssignments><eventAssignment variable="{event.state}">'
        f"{_math(f'{event.state} + {event.amount!r}')}</eventAssignment></listOfEventAssignments></event>"
        for i, event in enumerate(_merged(intake))
    ]
    listed = f"<listOfEvents>{''.join(events)}</listOfEvents>" if events else ""
    note = escape("Made by nightdose: a hypothesis model with graded links, not medical advice. Time in hours.")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        '<model id="nightdose" name="nightdose mechanism">'
        f'<notes><p xmlns="http://www.w3.org/1999/xhtml">{note}</p></notes>'
        f"<listOfParameters>{''.join(variables)}</listOfParameters>"
        f"<listOfRules>{''.join(rules)}</listOfRules>{listed}</model></sbml>\n"
    )


def antimony(person: Mapping[str, float], intake: Intake) -> str:
    """The same as Antimony text, for people to read."""
    initial = evaluate_initial(person)

    def words(text: str) -> str:
        tree = ast.parse(text, mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id == "t":
                node.id = "time"
        return ast.unparse(tree).replace("**", "^")

    lines = [
        "// nightdose: a hypothesis model with graded links, not medical advice. Time in hours.",
        "model nightdose",
    ]
    for state, value in zip(STATES, initial, strict=True):
        lines += [f"  // {state.meaning} [{state.unit}]", f"  {state.name} = {float(value)!r}"]
        lines.append(f"  {state.name}' = {words(RATES[state.name])}")
    for quantity in QUANTITIES:
        lines += [f"  // {quantity.meaning} [{quantity.unit}]", f"  {quantity.name} := {words(quantity.equation)}"]
    lines += [f"  {name} = {float(person[name])!r}" for name in parameter_names()]
    lines += [
        f"  at (time >= {event.time_h!r}), t0=false: {event.state} = {event.state} + {event.amount!r}"
        for event in _merged(intake)
    ]
    return "\n".join([*lines, "end", ""])
