"""A real browser against a real server on this machine, driven by Playwright (`make test-browser`).

Chromium, or Firefox where NIGHTDOSE_TEST_BROWSER=firefox; both from the system's packages.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.browser.folder import Host, Window, built

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 360, "height": 740}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Hours ahead of Greenwich at which the app runs, so that it is one in the afternoon there when the tests begin, of the
# same date: at night the diary's evening is not the calendar's.
AHEAD = 13 - datetime.datetime.now(datetime.UTC).hour


class Served:
    """`nightdose serve` as a person starts it; `kill` ends it as a power cut does."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words, self.port = folder, words, "0"
        self.start()

    def start(self) -> None:
        env = {
            **os.environ,
            "TZ": f"DAY{-AHEAD:+d}",
            "XDG_STATE_HOME": str(self.folder / "state"),
            "NIGHTDOSE_DIARY": str(self.folder / "diary.db"),
        }
        command = [sys.executable, "-m", "nightdose", "serve", "--no-browser", "--port", self.port, *self.words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        said = ""
        while "token=" not in said:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            said += line
        self.address = re.search(r"http://\S+", said)[0]
        self.port = re.search(r":(\d+)/", self.address)[1]

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="session")
def driver():
    """Playwright; one for all browsers, for a thread has room for one."""
    playwright = pytest.importorskip("playwright.sync_api", reason="not installed here: make test-browser installs it")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f"--require {Path(__file__).with_name('firefox.cjs')}")
        with playwright.sync_playwright() as p:
            yield p


@pytest.fixture(scope="session")
def chromium(driver):
    """One Chromium for all tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def firefox(driver):
    """One Firefox for all tests, by WebDriver BiDi: any Firefox, not only one that Playwright built."""
    if FIREFOX is None:
        pytest.skip("no Firefox on this machine: apt-get install firefox-esr")
    opened = driver.firefox.launch(channel="moz-firefox", executable_path=FIREFOX)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser(request):
    """The browser of this run."""
    return request.getfixturevalue(os.environ.get("NIGHTDOSE_TEST_BROWSER", "chromium"))


@pytest.fixture
def served(tmp_path):
    """A server without a diary."""
    made = Served(tmp_path)
    yield made
    made.kill()


@pytest.fixture
def example(tmp_path):
    """A server on the labelled example."""
    made = Served(tmp_path, "--example")
    yield made
    made.kill()


@pytest.fixture
def page(browser):
    """A phone's page; every request it makes is kept in `page.asked`."""
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    context.close()


@pytest.fixture(scope="session")
def host():
    """The built folder, served as some host of pages does."""
    folder = built()
    if folder is None:
        pytest.skip("the folder is not built here: make browser")
    made = Host(folder)
    yield made
    made.stop()


@pytest.fixture
def phone(browser):
    """A browser's profile: storage, cache and service worker; every request of all its pages in `asked`."""
    context = browser.new_context(viewport=PHONE, accept_downloads=True)
    context.set_default_timeout(30_000)
    context.asked = []
    context.on("request", lambda request: context.asked.append(request.url))
    yield context
    context.close()


@pytest.fixture
def window(phone, host):
    """A first visit that ends on Tonight, with a diary begun."""
    made = Window(phone, host.address)
    made.key = made.begin()
    return made
