"""Opens a report in a headless browser and uses it; the last line it prints is JSON with what was seen.

usage: report_page.py CHROMIUM PAGE
Speaks the debugging protocol over a pipe, so that no port is needed.
"""

import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile

chromium, page = sys.argv[1:3]
address = pathlib.Path(page).resolve().as_uri()


class Browser:
    """One page of a browser: the protocol's messages end with a NUL, ours go to its descriptor 3, its own come from 4."""

    def __init__(self, profile):
        # Kept away from the places 3 and 4, which hold the first pipe until the browser has started.
        pipes = [*os.pipe(), *os.pipe()]
        commands, ours, answers, theirs = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in pipes)

        def connect():
            os.dup2(commands, 3)
            os.dup2(theirs, 4)

        self.process = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
             "--disable-background-networking", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for end in (*pipes, commands, theirs):
            os.close(end)
        self.output = os.fdopen(ours, "wb", buffering=0)
        self.input = os.fdopen(answers, "rb", buffering=0)
        self.rest = b""
        self.number = 0
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.rest:
            read = self.input.read(1 << 16)
            if not read:
                sys.exit("the browser ended")
            self.rest += read
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        self.call("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def size(self, width, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, key):
        code = {"ArrowRight": 39, "End": 35, "Escape": 27}[key]
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


# What the charts show, how far the page is wider than its window, and how it is folded.
SHOWN = "[...document.querySelectorAll('figure[data-values]')].map((chart) => chart.querySelector('figcaption').innerText)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOLDED = "document.querySelectorAll('details:not([open])').length"
UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"

# A browser that is killed may still write there for a moment.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(profile)
    try:
        seen = {}
        browser.size(1280)
        browser.open(address)
        seen["before"] = browser.value(SHOWN)
        browser.value("document.querySelector('figure[data-chart=time] .plot').focus()")
        browser.press("ArrowRight")
        seen["first"] = browser.value(SHOWN)
        seen["said"] = [browser.value("document.getElementById('said').textContent")]
        browser.press("ArrowRight")
        seen["second"] = browser.value(SHOWN)
        seen["said"].append(browser.value("document.getElementById('said').textContent"))
        browser.press("Escape")
        seen["after"] = browser.value(SHOWN)
        browser.value("document.querySelector('figure[data-chart=percentile] .plot').focus()")
        browser.press("End")
        seen["said"].append(browser.value("document.getElementById('said').textContent"))
        seen["folded"] = [browser.value(FOLDED)]
        browser.value("dispatchEvent(new Event('beforeprint'))")
        seen["folded"].append(browser.value(FOLDED))
        browser.value("dispatchEvent(new Event('afterprint'))")
        seen["folded"].append(browser.value(FOLDED))
        browser.value(UNFOLD)
        seen["wider"] = []
        seen["paper"] = []
        for width, scheme in ((1280, "dark"), (768, "light"), (390, "dark"), (390, "light")):
            browser.size(width, scheme)
            seen["wider"].append(browser.value(WIDER))
            seen["paper"].append(browser.value("getComputedStyle(document.body).backgroundColor"))
        seen["errors"] = [
            json.dumps(event["params"])[:300] for event in browser.events
            if event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        ]
        seen["requests"] = [
            event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"
        ]
        seen["address"] = address
    finally:
        browser.process.kill()
        browser.process.wait()
print(json.dumps(seen))
