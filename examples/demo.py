"""What `make demo` runs: two diaries, two honest answers, two reports in demo-output/."""

import sys
from pathlib import Path

from nightdose.cli import main

HERE = Path(__file__).parent
OUT = HERE.parent / "demo-output"

CAFFEINE = [
    "analyse", str(HERE / "caffeine.csv"), "--outcome", "absorption", "--treatment", "caffeine", "--better", "higher",
    "--meaningful", "0.25", "--onset", "same-day", "--randomised", "days", "--blinded", "--certificate", "200",
    "--report", str(OUT / "caffeine.html"),
]  # fmt: skip
LETTER = [
    "report", *CAFFEINE[1 : CAFFEINE.index("--report")], "--name", "A real diary, published", "-o",
    str(OUT / "caffeine-letter.html"),
]  # fmt: skip
KIM = [
    "analyse", str(HERE / "kim-synthetic.csv"), "--outcome", "migraine_severity", "--treatment", "naltrexone",
    "--scale", "rating", "--range", "0", "3", "--adjust", "topiramate",
    "--label", "SYNTHETIC DIARY, made after a published story; no person's data",
    "--report", str(OUT / "kim-synthetic.html"),
]  # fmt: skip


def run() -> int:
    OUT.mkdir(exist_ok=True)
    print("1. A real, self-blinded experiment: does 200 mg of caffeine deepen meditation?\n")
    first = main(CAFFEINE)
    print("\nThe same as one page for a doctor:\n")
    letter = main(LETTER)
    print("\n2. A hopeful story told as a diary (synthetic): does low-dose naltrexone help against migraine?\n")
    second = main(KIM)
    print("\nThe same in a browser window, on an example diary to look around in: make serve")
    return first or letter or second


if __name__ == "__main__":
    sys.exit(run())
