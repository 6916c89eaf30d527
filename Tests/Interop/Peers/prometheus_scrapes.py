"""Lets Prometheus scrape a run; the last line this prints is JSON with what it stored and what promtool says.

usage: prometheus_scrapes.py REPRISE PROMETHEUS PROMTOOL SCENARIO RESULTS
Prometheus has a configuration, a folder and a port of its own, and ends with this script.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

reprise, prometheus, promtool, scenario, results = sys.argv[1:6]

CONFIGURATION = """
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: reprise
    static_configs: [ { targets: [ "%s" ] } ]
"""


def get(url, accept="*/*"):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=10) as answer:
        return answer.headers.get_content_type(), answer.read().decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_it_answers(url, seconds=20):
    end = time.monotonic() + seconds
    while True:
        try:
            return get(url)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def stored(api, query):
    return json.loads(get(f"{api}/query?query={urllib.parse.quote(query)}")[1])["data"]["result"]


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    folder = pathlib.Path(folder)
    port, address = free_port(), f"127.0.0.1:{free_port()}"
    (folder / "prometheus.yml").write_text(CONFIGURATION % address)
    server = subprocess.Popen(
        [prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run = None
    try:
        api = f"http://127.0.0.1:{port}/api/v1"
        until_it_answers(f"http://127.0.0.1:{port}/-/ready")
        # It takes its time to begin; from then on it scrapes once a second, whether the run is there or not.
        while not json.loads(get(f"{api}/targets")[1])["data"]["activeTargets"]:
            time.sleep(0.1)
        run = subprocess.Popen(
            [reprise, "run", scenario, "--out", results, "--dashboard", address, "--generator", "warn", "--threads", "1",
             "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = f"http://{address}/metrics"
        until_it_answers(url)
        while not re.search(r"^reprise_latency_seconds_count", text := get(url)[1], re.M):
            time.sleep(0.2)
        kind, open_metrics = get(url, "application/openmetrics-text;version=1.0.0;q=0.9,text/plain")
        lint = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=20)
        code = run.wait(timeout=60)
        series = stored(api, '{job="reprise"}[5m]')
    finally:
        for process in (run, server):
            if process:
                process.kill()
                process.wait()

print(json.dumps({
    "series": series, "code": code, "lint": lint.returncode, "lintText": lint.stdout + lint.stderr,
    "openMetrics": kind, "openMetricsEnd": open_metrics[-6:],
}))
