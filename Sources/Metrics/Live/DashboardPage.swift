/// The page of the dashboard: its frame, into which its script puts what the events tell.
package enum DashboardPage {
    /// - Parameter nonce: The word by which the browser knows this page's own script and style; letters and digits.
    package static func html(nonce: String) -> String {
        let head: HTMLText = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Reprise</title>
            <link rel="icon" href="data:,">
            <style nonce="\(nonce)">
            \(HTMLText(markup: PageStyle.text + style))
            </style>
            </head>

            """
        let script: HTMLText = "<script nonce=\"\(nonce)\">\n\(HTMLText(markup: DashboardScript.text))</script>\n"
        return head.markup + body.markup + script.markup + "</body>\n</html>\n"
    }

    private static let body: HTMLText = """
        <body>
        <main class="page">
        <p class="line"><span id="state" class="mark warn" role="status">○ connecting</span> <span id="clock"></span></p>
        <h1 id="scenario">Reprise</h1>
        <p class="muted" id="what"></p>
        <section id="verdict" class="verdict" hidden><span class="sign" aria-hidden="true"></span>
        <div><strong></strong><p></p></div></section>
        <div id="bar" class="bar" role="progressbar" aria-label="Progress of the run" aria-valuemin="0"
        aria-valuemax="100"></div>
        <div id="warning" class="note bad" role="alert" hidden></div>
        <dl class="facts">
        <div><dt>Clients</dt><dd id="active">–<small></small></dd></div>
        <div><dt>In</dt><dd id="in">–<small></small></dd></div>
        <div><dt>Out</dt><dd id="out">–<small></small></dd></div>
        <div><dt>Errors</dt><dd id="errors">–<small></small></dd></div>
        <div><dt>Generator lag, p99</dt><dd id="lag">–<small></small></dd></div>
        </dl>
        <section id="charts" class="charts" aria-label="Charts">
        <figure data-chart="latency" class="broad"><figcaption><label for="metric">Latency of</label>
        <select id="metric"></select></figcaption></figure>
        <figure data-chart="clients"><figcaption>Active clients</figcaption></figure>
        <figure data-chart="messages"><figcaption>Messages per second</figcaption></figure>
        <figure data-chart="errors"><figcaption>Errors per second</figcaption></figure>
        <figure data-chart="lag"><figcaption>Generator lag, p99</figcaption></figure>
        </section>
        <h2>Checks</h2>
        <div id="checks"><p class="muted">None yet.</p></div>
        <h2>Latencies in the last second</h2>
        <div id="latencies"><p class="muted">None yet.</p></div>
        <h2>Errors</h2>
        <div id="kinds"><p class="muted">None yet.</p></div>
        <div id="earlier" hidden><h2>Earlier runs</h2><ul></ul></div>
        <p class="muted foot">Figures of this second are as they came; a percentile is left blank where the samples do not
        carry it. For other programs: <a href="/metrics">/metrics</a>.</p>
        <noscript><p class="note warn">This page needs JavaScript; the figures are in <a href="/metrics">/metrics</a>.</p>
        </noscript>
        </main>

        """

    private static let style = """
        [hidden]{display:none!important}
        .line{margin:0;display:flex;gap:1rem;flex-wrap:wrap;font-variant-numeric:tabular-nums}
        h1{margin-bottom:0}
        #what{margin:.1em 0 .8em;overflow-wrap:anywhere}
        .bar{position:relative;display:flex;height:1.9rem;border:1px solid var(--rule);border-radius:6px;
        background:var(--card);overflow:hidden;margin:1rem 0}
        .bar .phase{border-left:1px solid var(--rule);padding:.3rem .45rem;font-size:.8rem;line-height:1.25;
        white-space:nowrap;overflow:hidden;text-overflow:ellipsis;color:var(--soft);position:relative}
        .bar .phase:first-child{border-left:0}
        .bar .phase.now{color:var(--ink);font-weight:650}
        .bar .done{position:absolute;inset:0 auto 0 0;background:var(--s1);opacity:.22;border-right:2px solid var(--s1)}
        .bar .fault{position:absolute;top:0;bottom:0;width:0;border-left:2px dashed var(--fault)}
        .bar .fault::before{content:"▼";position:absolute;top:-.35em;left:-.55em;color:var(--fault);font-size:.75rem}
        .charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;margin:1.4rem 0}
        .charts figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.7rem .8rem;
        min-width:0}
        .charts .broad{grid-column:1/-1}
        .charts figcaption{font-weight:620;font-size:.95rem;display:flex;gap:.5rem;align-items:baseline;flex-wrap:wrap}
        .charts select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--rule);border-radius:5px;
        padding:.1rem .3rem;max-width:100%}
        .charts canvas{display:block;width:100%;height:170px;margin-top:.4rem;touch-action:pan-y}
        .charts .broad canvas{height:230px}
        .legend{font-size:.82rem;color:var(--soft);min-height:1.4em;display:flex;flex-wrap:wrap;gap:0 1rem;
        font-variant-numeric:tabular-nums}
        .legend svg{width:26px;height:8px;margin-right:.3rem;vertical-align:middle}
        .foot{margin-top:3rem;font-size:.9rem}
        body.lost .charts,body.lost .facts{opacity:.55}
        @media (max-width:640px){.charts{grid-template-columns:minmax(0,1fr);gap:.7rem}.charts canvas{height:150px}
        .charts .broad canvas{height:180px}}

        """
}
