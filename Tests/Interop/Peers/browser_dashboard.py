"""Watches a run on its dashboard in a headless browser; the last line it prints is JSON with what the page showed.

usage: browser_dashboard.py CHROMIUM --run COMMAND …
       browser_dashboard.py CHROMIUM URL [WIDTH HEIGHT FOLDER [dark]]
The command says on its error output where its dashboard is; else there is one at the URL. With a folder, pictures of the
page are left in it. The page is reloaded once, and watched until the run is over.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

chromium, url = sys.argv[1:3]
command = sys.argv[3:] if url == "--run" else None
options = [] if command else sys.argv[3:]
width, height = (int(word) for word in options[:2]) if options else (1200, 1000)
folder = options[2] if len(options) > 2 else None
is_dark = "dark" in options

# What the page shows, in numbers and texts.
LOOK = """(() => {
  const text = id => document.getElementById(id)?.textContent ?? "";
  const charts = {};
  for (const figure of document.querySelectorAll("[data-chart]")) {
    const canvas = figure.querySelector("canvas");
    charts[figure.dataset.chart] = Number(canvas?.dataset.points ?? 0);
  }
  return { charts, state: text("state"), clock: text("clock"), scenario: text("scenario"),
    checks: text("checks"), kinds: text("kinds"), active: text("active"),
    verdict: document.getElementById("verdict")?.hidden === false ? text("verdict") : "",
    metrics: document.querySelectorAll("#metric option").length,
    wide: document.documentElement.scrollWidth > window.innerWidth,
    inked: [...document.querySelectorAll("canvas")].every(canvas =>
      canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)) };
})()"""


# What the page makes of a long run's history: the last second comes again, and more come than there is room for.
PIECES = """(() => {
  points = {step: 2, end: 4, seconds: [0, 2, 4], series: {active: {low: [1, 3, 5], high: [2, 4, 5]}}};
  const next = second => append({second, active: second + 1, latencies: []});
  const again = next(4);
  next(5); next(6);
  const grown = [points.seconds.join(), points.series.active.high.join()];
  for (let second = 7; second < 3700; second++) next(second);
  const {low, high} = points.series.active;
  const ticks = [5, 14, 45, 100, 600, 4000, 90000, 1e6].map(until => interval(until, 6));
  return { again, grown, step: points.step, aligned: points.seconds.every((second, at) => second === at * points.step),
    whole: low.every((value, at) => value === at * points.step + 1) && high[high.length - 1] === 3700, ticks };
})()"""


def start(command):
    """Starts the command, and waits until it says where its dashboard is."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if line.startswith("dashboard: "):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, line.split()[1]
    raise RuntimeError("there is no dashboard")


class Browser:
    """Chromium, told what to do over a pipe by the protocol of its developer tools."""

    def __init__(self, profile):
        to_browser, self.output = os.pipe()
        input, from_browser = os.pipe()

        def hand_over():
            # It reads at 3 and writes at 4; both may be in the way of one another before.
            low, high = os.dup(to_browser), os.dup(from_browser)
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.process = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
             f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"],
            preexec_fn=hand_over, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.input = os.fdopen(input, "rb")
        self.number = 0
        self.session = None
        self.answers = {}
        self.changed = threading.Condition()
        self.errors = []
        self.requests = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        pending = b""
        while chunk := self.input.read1(1 << 20):
            *messages, pending = (pending + chunk).split(b"\0")
            for message in messages:
                self.take(json.loads(message))

    def take(self, message):
        with self.changed:
            if "id" in message:
                self.answers[message["id"]] = message
                self.changed.notify_all()
                return
            method, values = message["method"], message.get("params", {})
            if method == "Runtime.exceptionThrown":
                self.errors.append(values["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif method == "Runtime.consoleAPICalled" and values["type"] == "error":
                self.errors.append(str([argument.get("value") for argument in values["args"]]))
            elif method == "Log.entryAdded" and values["entry"]["level"] == "error":
                self.errors.append(values["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                self.requests.append(values["request"]["url"])

    def tell(self, method, **values):
        self.number += 1
        message = {"id": self.number, "method": method, "params": values}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        number = self.number
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers, timeout=20):
                raise TimeoutError(method)
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self):
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.tell(f"{domain}.enable")
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        if is_dark:
            self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.tell("Page.navigate", url=url)

    def look(self):
        return self.tell("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"].get("value", {})

    def until(self, wanted, seconds=25):
        """Looks at the page until it shows what is wanted."""
        end = time.monotonic() + seconds
        while True:
            seen = self.look()
            if seen and wanted(seen):
                return seen
            if time.monotonic() > end:
                raise TimeoutError(f"the page shows {seen}, {self.errors}")
            time.sleep(0.1)

    def picture(self, name):
        if folder:
            shot = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True)
            with open(os.path.join(folder, name), "wb") as file:
                file.write(base64.b64decode(shot["data"]))


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(profile)
    run = None
    try:
        if command:
            run, url = start(command)
        browser.open()
        points = lambda seen: seen["charts"].get("clients", 0)
        first = browser.until(lambda seen: points(seen) >= 1)
        grown = browser.until(lambda seen: points(seen) >= points(first) + 2)
        browser.tell("Page.reload")
        reloaded = browser.until(lambda seen: points(seen) >= 1 and seen["scenario"] != "Reprise")
        browser.picture("live.png")
        over = browser.until(lambda seen: seen["verdict"] != "", seconds=90)
        browser.picture("over.png")
        # Whoever stops serving closes the connection; the page has to know that this is no loss.
        if run:
            run.wait(timeout=10)
        time.sleep(1)
        gone = browser.look()
        pieces = browser.tell("Runtime.evaluate", expression=PIECES, returnByValue=True)["result"].get("value")
    finally:
        for process in (browser.process, run):
            if process:
                process.kill()
                process.wait()

print(json.dumps({"first": first, "grown": grown, "reloaded": reloaded, "over": over, "gone": gone, "pieces": pieces,
                  "errors": browser.errors, "requests": browser.requests}))
