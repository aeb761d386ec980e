"""A Chromium that nobody watches: no word of the network is asked of it, so that it keeps what a person's own keeps.

A driver that listens to the network, as Playwright does, makes a browser hold a copy of every file that was brought.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

SHOWN = "document.getElementById('page')?.contentDocument"


class Unwatched:
    """One window of a profile's folder; `run` evaluates JavaScript in it and gives its value."""

    def __init__(self, program: str, flags: list[str], profile: Path, address: str) -> None:
        asks, hears = os.pipe(), os.pipe()

        def at_3_and_4() -> None:  # where Chromium looks for them
            for have, wanted in ((os.dup(asks[0]), 3), (os.dup(hears[1]), 4)):
                os.dup2(have, wanted)

        words = [program, "--headless", *flags, "--remote-debugging-pipe", f"--user-data-dir={profile}", address]
        self._process = subprocess.Popen(words, preexec_fn=at_3_and_4, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(asks[0])
        os.close(hears[1])
        self._asks, self._hears, self._number = os.fdopen(asks[1], "wb", 0), os.fdopen(hears[0], "rb"), 0
        self._session = self._call("Target.attachToTarget", targetId=self._page(), flatten=True)["sessionId"]

    def _page(self) -> str:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for each in self._call("Target.getTargets")["targetInfos"]:
                if each["type"] == "page":
                    return str(each["targetId"])
            time.sleep(0.05)
        raise AssertionError("the browser opened no page")

    def _call(self, method: str, session: str = "", **given: Any) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": given, **({"sessionId": session} if session else {})}
        self._asks.write(json.dumps(asked).encode() + b"\0")
        while True:
            said = b""
            while not said.endswith(b"\0"):
                said += self._hears.read(1)
            answer = json.loads(said[:-1])
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def run(self, script: str) -> Any:
        """The value of an expression, awaited."""
        found = self._call("Runtime.evaluate", self._session, expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, (script, found)
        return found["result"].get("value")

    def until(self, true: str, seconds: float = 120) -> None:
        """Waits until an expression holds."""
        end = time.monotonic() + seconds
        while not self.run(f"(() => {{ try {{ return Boolean({true}); }} catch {{ return false; }} }})()"):
            assert time.monotonic() < end, (true, self.run("document.body?.innerText"))
            time.sleep(0.1)

    def close(self) -> None:
        """Ends the browser as a person does."""
        self._call("Browser.close")
        self._process.wait()
        self._asks.close()
        self._hears.close()
