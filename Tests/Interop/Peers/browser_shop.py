"""Lets a visitor in a headless browser chat with a shop's agent; the last line it prints is JSON with what the page saw.

usage: browser_shop.py CHROMIUM SOCKET_IO_MIN_JS URL PLANS
The visitor leaves after so many action plans. The page, shop.html, comes from a server of this script's own.
"""

import pathlib
import sys
import urllib.parse

from browser_visit import visit

chromium, client, url, plans = sys.argv[1:5]
resources = {
    "/": (pathlib.Path(__file__).with_name("shop.html").read_bytes(), "text/html"),
    "/socket.io.min.js": (pathlib.Path(client).read_bytes(), "text/javascript"),
}
query = "?" + urllib.parse.urlencode({"server": url, "visit": plans})
print(visit(chromium, resources, query, seconds=60))
