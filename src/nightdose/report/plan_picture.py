"""What a planned trial would say, as a picture: of 100 such trials, how many end in which answer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import number
from nightdose.question.question import Question
from nightdose.question.words import amount
from nightdose.verdict.answer import Answer
from nightdose.verdict.forecast import ENOUGH_POWER, Forecast, Verdicts

WIDTH, BAR, LEFT = 720, 44, 16
INNER = WIDTH - 2 * LEFT

# answer -> (words, fill, ink, pattern or ""); told apart by words and pattern, not by colour alone
LOOKS: dict[Answer, tuple[str, str, str, str]] = {
    "helps": (mark("helps"), "#1f6f54", "#ffffff", ""),
    "no_meaningful_difference": (mark("no difference worth having"), "#c9d6e8", "#1b1b1f", "dots"),
    "not_yet_known": (mark("not yet known"), "#ececf0", "#1b1b1f", ""),
    "harms": (mark("harms"), "#a3161c", "#ffffff", "lines"),
    "cannot_be_known": (mark("cannot be known"), "#6b6b74", "#ffffff", "lines"),
}
STYLE = """text{font:15px "DejaVu Sans","Segoe UI",system-ui,sans-serif;fill:#1b1b1f}.h{font-weight:700;font-size:17px}
.s{font-size:13px;fill:#44444c}.edge{fill:none;stroke:#1b1b1f;stroke-width:1}
.grid{stroke:#d4d4da}.line{fill:none;stroke:#1f6f54;stroke-width:2.5}
.dash{stroke:#a3161c;stroke-dasharray:6 4}"""
PATTERNS = (
    '<defs><pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="1.3" '
    'fill="#5b6b85"/></pattern><pattern id="lines" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" stroke="#ffffff" stroke-opacity="0.45" '
    'stroke-width="2"/></pattern></defs>'
)


AT_ONCE = mark("This trial: {weeks} weeks, {blocks} blocks of {block_days} days.")
AFTER_A_RUN_IN = mark(
    "This trial: {weeks} weeks, {blocks} blocks of {block_days} days after a run-in of {run_in} days."
)


def sentence(outcome: Verdicts, question: Question) -> str:
    """One row of the picture in words; numbers are of 100 trials."""
    if outcome.improvement == 0:
        wrong = round(100 * outcome.wrong_if_nothing)
        return say(
            "If the capsule does nothing, {wrong} of 100 such trials would wrongly say helps or harms.", wrong=wrong
        )
    found = 1 if outcome.improvement == 1 else 2
    shown = number(outcome.improvement)
    if question.kind.events:
        size = amount(outcome.improvement, question)
    elif question.kind.straight:
        size = say_count("{shown} point", "{shown} points", found, shown=shown)
    else:
        size = say_count("{shown} unit", "{shown} units", found, shown=shown)
    power = round(100 * outcome.power)
    return say("If it takes off {size} once settled, {n} of 100 would say that it helps.", size=size, n=power)


def _worth(question: Question) -> str:
    return amount(question.meaningful, question) if question.kind.events else number(question.meaningful)


def forecast_sentences(found: Forecast) -> tuple[str, ...]:
    """The forecast in words, to stand visibly beside the picture."""
    outcomes = (found.nothing, found.meaningful, found.hoped)
    design = found.design
    begin = say(
        AFTER_A_RUN_IN if design.run_in_days else AT_ONCE,
        weeks=found.weeks,
        blocks=design.blocks,
        block_days=design.block_days,
        run_in=design.run_in_days,
    )
    return (begin, *(sentence(outcome, found.question) for outcome in outcomes))


def forecast_picture(found: Forecast) -> str:
    """An SVG with one bar for each truth; each bar is 100 trials, cut by the answer they would give."""
    begin, *words = forecast_sentences(found)
    outcomes = (found.nothing, found.meaningful, found.hoped)
    parts, y = [_text(LEFT, 26, begin, "h")], 50
    for outcome, line in zip(outcomes, words, strict=True):
        for row, piece in enumerate(_two_lines(line)):
            parts.append(_text(LEFT, y + 16 + 19 * row, piece))
        y += 24 + 19 * (len(_two_lines(line)) - 1)
        parts.append(_bar(outcome, y))
        y += BAR + 26
    used: list[Answer] = [answer for answer in LOOKS if any(outcome.answers.get(answer) for outcome in outcomes)]
    parts.append(_legend(used, y))
    y += 30 * ((len(used) + 2) // 3) + 10
    parts.append(
        _text(
            LEFT, y, say("Each bar: {n} simulated trials, judged by the analysis you will use.", n=found.nothing.n), "s"
        )
    )
    parts.append(_text(LEFT, y + 18, found.ups.origin, "s"))
    parts.append(
        _text(
            LEFT,
            y + 36,
            say(
                "'Helps' also asks that {meaningful} or more is likely: of just that, half miss.",
                meaningful=_worth(found.question),
            ),
            "s",
        )
    )
    return _svg(y + 52, say("What this trial would say"), " ".join((begin, *words)), parts)


def _bar(outcome: Verdicts, y: float) -> str:
    x, parts = float(LEFT), []
    for answer, (_, fill, ink, pattern) in LOOKS.items():
        width = INNER * outcome.share(answer)
        if width == 0:
            continue
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{fill}"/>')
        if pattern:
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="url(#{pattern})"/>')
        parts.append(f'<rect class="edge" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"/>')
        share = f"{100 * outcome.share(answer):.0f}"
        if width > 12 * len(share) + 6:
            plate = f'<circle cx="{x + width / 2:.1f}" cy="{y + BAR / 2}" r="15" fill="{fill}"/>' if pattern else ""
            at = f'x="{x + width / 2:.1f}" y="{y + BAR / 2 + 6}"'
            parts.append(f'{plate}<text {at} text-anchor="middle" style="fill:{ink};font-weight:700">{share}</text>')
        x += width
    return "".join(parts)


def _legend(used: Sequence[Answer], y: float) -> str:
    parts = []
    for place, answer in enumerate(used):
        words, fill, _, pattern = LOOKS[answer]
        x, row = LEFT + (0, 130, 400)[place % 3], y + 30 * (place // 3)
        parts.append(f'<rect x="{x:.1f}" y="{row}" width="22" height="18" fill="{fill}"/>')
        if pattern:
            parts.append(f'<rect x="{x:.1f}" y="{row}" width="22" height="18" fill="url(#{pattern})"/>')
        parts.append(f'<rect class="edge" x="{x:.1f}" y="{row}" width="22" height="18"/>')
        parts.append(_text(x + 30, row + 14, say(words)))
    return "".join(parts)


def length_picture(curves: Sequence[tuple[str, Sequence[tuple[int, float]]]], title: str) -> str:
    """An SVG: length in weeks across, chance of being told `helps` upwards, one line for each kind of person.

    curves : (name, [(weeks, power), ...]); the end of each line carries its name.
    """
    height, bottom, right = 420, 340, WIDTH - 150
    longest = max(week for _, points in curves for week, _ in points)

    def x(week: float) -> float:
        return 64 + (right - 64) * week / longest

    def y(power: float) -> float:
        return bottom - (bottom - 60) * power

    parts = [_text(LEFT, 26, title, "h")]
    for tenth in range(0, 11, 2):
        parts.append(f'<line class="grid" x1="64" x2="{right}" y1="{y(tenth / 10):.1f}" y2="{y(tenth / 10):.1f}"/>')
        parts.append(_text(56, y(tenth / 10) + 5, f"{10 * tenth}", "s", "end"))
    line = y(ENOUGH_POWER)
    parts.append(f'<line class="dash" x1="64" x2="{right}" y1="{line:.1f}" y2="{line:.1f}"/>')
    step = 13 if longest > 40 else 4
    for week in range(step, longest + 1, step):
        parts.append(_text(x(week), bottom + 20, str(week), "s", "middle"))
    parts.append(_text((64 + right) / 2, bottom + 44, say("weeks of trial"), "s", "middle"))
    parts.append(_text(64, 48, say("of 100 trials, how many would say that it helps (dashed: 80)"), "s"))
    for (_, points), dash in zip(curves, ("", "8 4", "2 4"), strict=False):
        drawn = " ".join(f"{x(week):.1f},{y(power):.1f}" for week, power in points)
        parts.append(f'<polyline class="line" stroke-dasharray="{dash}" points="{drawn}"/>')
        parts += [f'<circle cx="{x(week):.1f}" cy="{y(power):.1f}" r="4" fill="#1f6f54"/>' for week, power in points]
    free = 0.0  # names stand beside the ends of their lines, each below the one before
    for name, points in sorted(curves, key=lambda curve: -curve[1][-1][1]):
        free = max(free + 18, y(points[-1][1]) + 5)
        parts.append(_text(x(points[-1][0]) + 12, free, name))
    described = "; ".join(
        f"{name}: "
        + ", ".join(say("{week} weeks {value}", week=week, value=number(round(100 * power))) for week, power in points)
        for name, points in curves
    )
    return _svg(height, title, described, parts)


def _two_lines(words: str, most: int = 90) -> list[str]:
    if len(words) <= most:
        return [words]
    cut = words.rfind(" ", 0, most)
    return [words[:cut], words[cut + 1 :]]


def _text(x: float, y: float, words: str, look: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{look}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(height: float, title: str, description: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-labelledby="t d"><title id="t">{escape(title)}</title>'
        f'<desc id="d">{escape(description)}</desc>'
        f'<style>{STYLE}</style>{PATTERNS}<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>'
        f"{''.join(parts)}</svg>\n"
    )
