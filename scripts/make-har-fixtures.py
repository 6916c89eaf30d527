#!/usr/bin/env python3
"""Makes the HAR files in Tests/ScenariosTests/Fixtures/har anew, with the tools that people make them with.

usage: [ONLY="leflux-upgrade …"] scripts/make-har-fixtures.py [chrome|playwright|mitmproxy]...     all unless said otherwise

A headless Chromium talks to practice servers, by pages of Tests/Interop/Peers/browser_sessions.py. chrome: over the
debugging protocol, shaped as the developer tools export it (browser_har.py); playwright: its own `record_har_path`;
mitmproxy: its own `hardump`, as the browser's proxy. Beside each HAR file lies what the page said and heard, in order,
as FILE.log.json. Needs scripts/install-test-needs.sh and `swift build`; the other two tools are installed from PyPI
into .cache/har-tools.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
peers = root / "Tests/Interop/Peers"
output = root / "Tests/ScenariosTests/Fixtures/har"
client = root / ".cache/socket.io.min.js"
chromium = shutil.which("chromium")
tools = root / ".cache/har-tools"
PLAYWRIGHT, MITMPROXY = "playwright==1.65.2", "mitmproxy==11.0.2"

# file, session, the practice server, transports
SESSIONS = [
    ("leflux-upgrade", "leflux", "leflux", "polling,websocket"),
    ("leflux-polling", "leflux", "leflux", "polling"),
    ("leflux-websocket", "leflux", "leflux", "websocket"),
    ("echo-upgrade", "echo", "echo", "polling,websocket"),
    ("echo-polling", "echo", "echo", "polling"),
    ("echo-websocket", "echo", "echo", "websocket"),
    ("redirected", "moved", "echo", "polling,websocket"),
    ("praxis", "praxis", "praxis", "websocket"),
    ("plain", "plain", "echo", "websocket"),
]
OTHERS = {"leflux-upgrade", "echo-websocket", "echo-polling", "praxis", "plain"}


@contextlib.contextmanager
def practice(system):
    """A practice server, while one has the context; gives its URL."""
    server = subprocess.Popen(
        [root / ".build/debug/reprise", "practice", system, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    try:
        yield server.stdout.readline().split()[-1]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def install(package):
    """A virtual environment with the package; gives its Python."""
    folder = tools / package.split("==")[0]
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
    return python


def pages(session, url, transports):
    sys.path.insert(0, str(peers))
    import browser_sessions

    return browser_sessions.Pages(client, session, url, transports)


def chrome(file, session, url, transports):
    command = [root / ".venv/bin/python", peers / "browser_har.py", chromium, client, session, url, transports, file]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def playwright(file, session, url, transports):
    page = pages(session, url, transports)
    script = f"""
from playwright.sync_api import sync_playwright
with sync_playwright() as tools:
    browser = tools.chromium.launch(executable_path={chromium!r}, args=["--no-sandbox"])
    context = browser.new_context(record_har_path={str(file)!r})
    page = context.new_page()
    with page.expect_response("**/result", timeout=45000):
        page.goto({page.url!r} + "/")
    page.wait_for_timeout(500)
    context.close()
    browser.close()
"""
    subprocess.run([install(PLAYWRIGHT), "-c", script], check=True)
    return page.result


def mitmproxy(file, session, url, transports):
    page = pages(session, url, transports)
    python = install(MITMPROXY)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        proxy = subprocess.Popen(
            [python.parent / "mitmdump", "--listen-host", "127.0.0.1", "--listen-port", "0", "--set", f"hardump={file}",
             "--set", f"confdir={folder}/mitmproxy", "--set", "termlog_verbosity=info"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        while "listening at" not in (line := proxy.stdout.readline()):
            if not line:
                sys.exit("mitmproxy did not start")
        port = int(line.strip(" .\n").rsplit(":", 1)[1])
        browser = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/chromium",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>", page.url + "/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            if not page.came.wait(45):
                sys.exit("the page reported nothing within 45 s")
            time.sleep(0.5)
        finally:
            browser.kill()
            browser.wait()
            proxy.send_signal(signal.SIGINT)
            proxy.wait()
    return page.result


def shorten(file):
    """An entry to a line, without what the browser asks of others, and without the bodies of pages and scripts."""
    har = json.loads(file.read_text())
    entries = []
    for entry in har["log"]["entries"]:
        url = entry["request"]["url"]
        if not ("//127.0.0.1:" in url or "//localhost:" in url) or url.endswith(("/result", "/favicon.ico")):
            continue
        content = entry["response"].get("content", {})
        if content.get("mimeType", "").split(";")[0] in ("text/html", "text/javascript") and "socket.io/" not in url:
            content.pop("text", None)
        entries.append(json.dumps(entry, ensure_ascii=False))
    head = json.dumps({name: value for name, value in har["log"].items() if name != "entries"}, ensure_ascii=False)
    file.write_text('{"log": ' + head[:-1] + ', "entries": [\n' + ",\n".join(entries) + "\n]}}\n")


output.mkdir(exist_ok=True)
wanted = sys.argv[1:] or ["chrome", "playwright", "mitmproxy"]
only = os.environ.get("ONLY", "").split()
for tool in wanted:
    for name, session, system, transports in SESSIONS:
        if tool != "chrome" and name not in OTHERS or only and name not in only:
            continue
        file = output / f"{tool}-{name}.har"
        with practice(system) as url:
            result = {"chrome": chrome, "playwright": playwright, "mitmproxy": mitmproxy}[tool](file, session, url, transports)
        if result["error"]:
            sys.exit(f"{file.name}: the page failed: {result['error']}")
        shorten(file)
        (output / f"{tool}-{name}.log.json").write_text(json.dumps(result["log"]) + "\n")
        print(f"{file.name}: {file.stat().st_size} bytes")
