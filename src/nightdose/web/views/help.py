"""Help: what people ask most, the words of this program, the keys."""

from __future__ import annotations

from nightdose.knowledge.common_questions import common_questions
from nightdose.web.asked import Answered, Asked, Shown
from nightdose.web.contexts.doors import Answer, HelpPage
from nightdose.web.contexts.frame import KEYS
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

WORDS = (
    ("Outcome", "What you score every day, such as pain. One of them decides; the others stand beside it."),
    ("Worth having", "The smallest difference that would matter to you, in points of your own score."),
    (
        "Off and on",
        "Days without and days with the medicine. Both are needed; what differs may be the medicine or time.",
    ),
    ("Blinded", "You do not know what is in tonight's capsule, so hope works the same on every night."),
    ("Randomised", "Chance decides the order of off and on. Nothing else can then keep step with it for long."),
    ("Ceiling", "How high the evidence of a diary can count at best, whatever its numbers: low, moderate or high."),
    ("50 dots", "Fifty equally likely truths. Where most of them lie is where the truth most likely lies."),
    ("Certificate", "How often a dummy would have earned the same answer with a diary like yours."),
    ("Gate", "A question about safety. While it is blocked, nothing is planned that leads to a capsule."),
)


def page(desk: Desk, asked: Asked) -> Answered:
    """Everything on one page; the questions open one by one."""
    answers = tuple(Answer(q.ask, q.known, q.open, q.place, q.here, q.sources) for q in common_questions())
    return Shown(around(desk, "Help", "/help"), HelpPage(answers, WORDS, KEYS))
