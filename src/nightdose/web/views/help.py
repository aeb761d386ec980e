"""Help: what people ask most, the words of this program, the keys."""

from __future__ import annotations

from nightdose.knowledge.common_questions import common_questions
from nightdose.language.catalogue import mark, say
from nightdose.web.asked import Answered, Asked, Shown
from nightdose.web.contexts.doors import Answer, HelpPage
from nightdose.web.contexts.frame import KEYS
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

WORDS = (
    (mark("Outcome"), mark("What you score every day, such as pain. One of them decides; the others stand beside it.")),
    (mark("Worth having"), mark("The smallest difference that would matter to you, in points of your own score.")),
    (
        mark("Off and on"),
        mark("Days without and days with the medicine. Both are needed; what differs may be the medicine or time."),
    ),
    (mark("Blinded"), mark("You do not know what is in tonight's capsule, so hope works the same on every night.")),
    (
        mark("Randomised"),
        mark("Chance decides the order of off and on. Nothing else can then keep step with it for long."),
    ),
    (
        mark("Ceiling"),
        mark("How high the evidence of a diary can count at best, whatever its numbers: low, moderate or high."),
    ),
    (mark("50 dots"), mark("Fifty equally likely truths. Where most of them lie is where the truth most likely lies.")),
    (mark("Certificate"), mark("How often a dummy would have earned the same answer with a diary like yours.")),
    (mark("Gate"), mark("A question about safety. While it is blocked, nothing is planned that leads to a capsule.")),
)


def page(desk: Desk, asked: Asked) -> Answered:
    """Everything on one page; the questions open one by one."""
    answers = tuple(
        Answer(say(q.ask), say(q.known), say(q.open), q.place, say(q.here), q.sources) for q in common_questions()
    )
    words = tuple((say(word), say(means)) for word, means in WORDS)
    return Shown(around(desk, say("Help"), "/help"), HelpPage(answers, words, KEYS))
