"""Serves a page, opens it in a headless browser and waits for what it reports. Used by browser_page.py and browser_shop.py."""

import http.server
import subprocess
import sys
import tempfile
import threading


def visit(chromium, resources, query="", seconds=45):
    """The text that the page at `/` sends to /result; ends the script where none comes within the seconds.

    resources: by path, the bytes and their media type.
    """
    reported = []
    came = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(*resources.get(self.path.split("?")[0], (b"", "text/plain")))

        def do_POST(self):
            reported.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
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
    # A browser that is killed may still write there for a moment.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
             "--disable-background-networking", f"http://localhost:{server.server_port}/{query}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            if not came.wait(seconds):
                sys.exit(f"the page reported nothing within {seconds} s")
        finally:
            browser.kill()
            browser.wait()
    return reported[0]
