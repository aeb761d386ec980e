"""What a person sends: a trial is registered whatever its outcome's kind."""

import datetime

import pytest

from nightdose.letter.signing import own_key
from nightdose.pooling.making import Person, registration
from nightdose.protocol.locked import lock
from nightdose.protocol.trial import TrialDesign
from nightdose.question.kind import KINDS

DAY = datetime.date(2026, 11, 27)
DESIGN = TrialDesign("randomised_blocks", DAY, run_in_days=14, pairs=3, block_days=14)


@pytest.mark.parametrize("scale", KINDS)
def test_a_trial_of_any_kind_of_outcome_is_registered(scale, tmp_path):
    asked = {"outcome": "pain", "treatment": "naltrexone", "scale": scale, "better": "lower"}
    locked = lock({"question": asked, "design": DESIGN.record, "stopping_rules": ["none"]}, DAY)
    made = registration([locked], Person(), own_key(tmp_path / "key.pem"))
    assert made.asked.scale == scale
    assert made.asked.ends == ((0.0, 10.0) if scale == "rating" else None)
