"""What each page shows, one documented value a page; a template gets its page and the frame, and nothing else."""

from __future__ import annotations

from nightdose.web.contexts.answer import AnswerPage, NoAnswerPage
from nightdose.web.contexts.data import DataPage, GoneByePage, ImportPage
from nightdose.web.contexts.doors import HelpPage, RefusedPage, UnlockPage
from nightdose.web.contexts.dose import DosePage
from nightdose.web.contexts.evening import EntryPage, TimelinePage, TonightPage
from nightdose.web.contexts.evidence import ClaimsPage, ConditionPage, EvidencePage
from nightdose.web.contexts.frame import MorePage
from nightdose.web.contexts.medicine import DrugDosePage, MedicinePage
from nightdose.web.contexts.plan import FormPage, PlanPage, PowerPage
from nightdose.web.contexts.start import GatesPage, KeyPage, OutcomesPage, RecoveryPage, WelcomePage

PAGES: dict[type, str] = {
    TonightPage: "tonight.html",
    RefusedPage: "refused.html",
    UnlockPage: "unlock.html",
    MorePage: "more.html",
    DosePage: "dose.html",
    HelpPage: "help.html",
    MedicinePage: "medicine.html",
    DrugDosePage: "drug_dose.html",
    EvidencePage: "evidence_list.html",
    ConditionPage: "evidence_condition.html",
    ClaimsPage: "evidence_claims.html",
    WelcomePage: "welcome.html",
    KeyPage: "key.html",
    RecoveryPage: "recovery.html",
    OutcomesPage: "outcomes.html",
    GatesPage: "gates.html",
    TimelinePage: "timeline.html",
    EntryPage: "entry.html",
    AnswerPage: "answer.html",
    DataPage: "data.html",
    FormPage: "form.html",
    PlanPage: "plan.html",
    PowerPage: "power.html",
    ImportPage: "import.html",
    GoneByePage: "deleted.html",
    NoAnswerPage: "no_answer.html",
}
