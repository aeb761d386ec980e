"""`nightdose serve`: the same product in a browser window on this machine."""

from __future__ import annotations

import argparse
import webbrowser

from nightdose.cli import diary_file
from nightdose.errors import CallError
from nightdose.knowledge.chosen import chosen
from nightdose.language.catalogue import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Where the page listens and which diary it opens."""
    parser.add_argument("--port", type=int, metavar="N", help="default 8765, or a free one where that is taken")
    parser.add_argument("--example", action="store_true", help="look around in a labelled example diary first")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    parser.add_argument(
        "--diary", metavar="FILE", default=None, help="default: $NIGHTDOSE_DIARY, else ~/nightdose/diary.db"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the address with its token, open the window, answer until stopped."""
    from nightdose.web.desk import Desk
    from nightdose.web.example import example_desk
    from nightdose.web.serving import listening, remembered_doors, serve, state_folder

    if chosen() is not None:
        raise CallError(say("In the app the medicine is chosen on its own page, behind the safety questions."))
    with_example = bool(arguments.example)
    desk = example_desk() if with_example else Desk(diary_file.diary_path(arguments))
    made = listening(arguments.port)
    port = made.getsockname()[1]
    doors = remembered_doors(port, state_folder())
    address = f"http://127.0.0.1:{port}/?token={doors.new_token()}"
    print(
        say(
            "nightdose is open at\n\n    {address}\n\nThis address is good once, on this machine only. Ctrl-C stops.",
            address=address,
        ),
        flush=True,
    )
    if not arguments.no_browser:
        webbrowser.open(address)
    serve(desk, made, doors)
    return 0
