"""Lets a visitor in a headless browser chat with a shop's agent; the last line it prints is JSON with what the page saw.

usage: browser_shop.py CHROMIUM SOCKET_IO_MIN_JS URL PLANS
The visitor leaves after so many action plans. The page, shop.html, comes from a server of this script's own.
"""

import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.parse

chromium, client, url, plans = sys.argv[1:5]
FILES = {
    "/": (pathlib.Path(__file__).with_name("shop.html"), "text/html"),
    "/socket.io.min.js": (pathlib.Path(client), "text/javascript"),
}
result = None
came = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, kind = FILES.get(self.path.split("?")[0], (None, "text/plain"))
        self.answer(path.read_bytes() if path else b"", kind)

    def do_POST(self):
        global result
        result = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(b"", "text/plain")
        came.set()

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
query = urllib.parse.urlencode({"server": url, "visit": plans})
# A browser that is killed may still write there for a moment.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
         "--disable-background-networking", f"http://localhost:{server.server_port}/?{query}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        if not came.wait(60):
            sys.exit("the page reported nothing within 60 s")
    finally:
        browser.kill()
        browser.wait()
print(result)
