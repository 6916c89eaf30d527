/// How the pages of Reprise look: the report, the comparison, the live view.
///
/// Colours are variables with a light and a dark value; nothing is told by colour alone. Classes: `page` around all,
/// `verdict` with `ok`/`bad`/`warn`, `mark` for a sign with a word, `note`, `facts` for key figures, `terms` for a list of
/// names and values, `scroll` around what may be wider than the page, `figures` for tables of numbers, `n` for a number,
/// `muted`, `sr` for what is only heard.
package enum PageStyle {
    package static let text = colours + basics + parts + tables + printing

    /// Series `--s1` … `--s6` can be told apart by those who see few colours, and have dashes besides.
    private static let colours = """
        :root{color-scheme:light dark;
        --paper:#fbfaf8;--card:#fff;--ink:#1d2125;--soft:#5c646c;--rule:#dfdcd6;--faint:#f1efea;--link:#155f9c;
        --ok:#1a7240;--ok-back:#e8f4ec;--bad:#b3261e;--bad-back:#fbebe9;--warn:#8a5a00;--warn-back:#fbf2dd;
        --s1:#1f6fb4;--s2:#c2570c;--s3:#6b3fa0;--s4:#7b8188;--s5:#0f7f72;--s6:#a8326d;--band:#00000008;--fault:#b3261e}
        @media (prefers-color-scheme:dark){:root{
        --paper:#15181b;--card:#1b1f23;--ink:#e4e6e8;--soft:#a0a8b0;--rule:#33393f;--faint:#22272b;--link:#7cb8ea;
        --ok:#6fcf97;--ok-back:#17291f;--bad:#ff8a80;--bad-back:#331c1b;--warn:#e8b85c;--warn-back:#2e2615;
        --s1:#62aef0;--s2:#f0995a;--s3:#b894ec;--s4:#939aa2;--s5:#4fc4b4;--s6:#ea85b5;--band:#ffffff09;--fault:#ff8a80}}

        """

    private static let basics = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Noto Sans",sans-serif;overflow-wrap:break-word}
        p,dd,summary,li,h2{overflow-wrap:anywhere}
        .page{max-width:1120px;margin:0 auto;padding:2rem 1.5rem 4rem}
        h1{font-size:1.7rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;margin:.1em 0 .4em;overflow-wrap:anywhere}
        h2{font-size:1.2rem;line-height:1.3;font-weight:650;margin:3rem 0 .9rem;padding-top:.9rem;
        border-top:1px solid var(--rule)}
        h3{font-size:1rem;line-height:1.35;font-weight:620;margin:1.8rem 0 .6rem;overflow-wrap:anywhere}
        p{margin:.6em 0;max-width:78ch}
        a{color:var(--link)}
        code,pre,kbd{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
        code{overflow-wrap:break-word}
        pre{background:var(--faint);border:1px solid var(--rule);border-radius:6px;padding:.8em 1em;margin:.6em 0;
        overflow:auto;max-height:32rem;tab-size:4}
        pre.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
        .muted{color:var(--soft)}
        .sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        details{margin:.5em 0}
        summary{cursor:pointer;color:var(--soft);padding:.2em 0}
        summary:hover{color:var(--ink)}
        details[open]>summary{margin-bottom:.4em}

        """

    private static let parts = """
        .verdict{display:flex;gap:1rem;align-items:flex-start;padding:1rem 1.2rem;border-radius:8px;
        border:1px solid var(--rule);border-left-width:6px;background:var(--card);margin:1.2rem 0}
        .verdict .sign{font-size:1.9rem;line-height:1.2;font-weight:700}
        .verdict strong{display:block;font-size:1.35rem;line-height:1.3;font-weight:680}
        .verdict>div{min-width:0;overflow-wrap:anywhere}
        .verdict p{margin:.15em 0 0}
        .verdict.ok{border-left-color:var(--ok);background:var(--ok-back)}
        .verdict.ok .sign,.verdict.ok strong{color:var(--ok)}
        .verdict.bad{border-left-color:var(--bad);background:var(--bad-back)}
        .verdict.bad .sign,.verdict.bad strong{color:var(--bad)}
        .verdict.warn{border-left-color:var(--warn);background:var(--warn-back)}
        .verdict.warn .sign,.verdict.warn strong{color:var(--warn)}
        .note{border-left:4px solid var(--rule);padding:.35em .9em;margin:.7em 0;background:var(--faint);
        border-radius:0 6px 6px 0}
        .note.warn{border-left-color:var(--warn);background:var(--warn-back)}
        .note.bad{border-left-color:var(--bad);background:var(--bad-back)}
        .note p{margin:.2em 0}
        .mark{white-space:nowrap;font-weight:600}
        .mark.ok{color:var(--ok)}
        .mark.bad{color:var(--bad)}
        .mark.warn{color:var(--warn)}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1px;background:var(--card);
        border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin:1.2rem 0;padding:0}
        .facts>div{box-shadow:0 0 0 1px var(--rule);padding:.75rem 1rem}
        .facts dt{color:var(--soft);font-size:.85rem}
        .facts dd{margin:.1em 0 0;font-size:1.3rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
        .facts dd small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
        .terms{display:grid;grid-template-columns:minmax(7rem,max-content) minmax(0,1fr);gap:.3rem 1.4rem;margin:.8rem 0}
        .terms dt{color:var(--soft)}
        .terms dd{margin:0;overflow-wrap:anywhere}
        nav.contents{font-size:.92rem;margin:1.2rem 0;color:var(--soft)}
        nav.contents ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;list-style:none;padding:0;margin:0}

        """

    private static let tables = """
        .scroll{overflow-x:auto;margin:.7rem 0;max-width:100%}
        table.figures{border-collapse:separate;border-spacing:0;font-size:.88rem;line-height:1.4;font-variant-numeric:tabular-nums;
        min-width:min(100%,46rem)}
        .figures th,.figures td{padding:.32rem .7rem;border-bottom:1px solid var(--rule);text-align:left;
        vertical-align:top}
        .figures th:first-child,.figures td:first-child{padding-left:.2rem}
        .figures .n{text-align:right;white-space:nowrap}
        .figures thead th{color:var(--soft);font-weight:500;white-space:nowrap;border-bottom:1.5px solid var(--soft);
        vertical-align:bottom}
        .figures tbody th{font-weight:500;max-width:26rem;position:sticky;left:0;background:var(--paper)}
        .figures td{max-width:34rem}.figures td:last-child:has(code){min-width:15rem}
        .figures .part th{padding-top:1rem;font-weight:650;color:var(--ink);border-bottom-color:var(--soft)}
        .figures tbody tr:hover>*{background:var(--faint)}
        .figures .part:hover>*{background:none}
        @media (max-width:640px){body{font-size:14px}.page{padding:1rem .9rem 3rem}
        h1{font-size:1.35rem}h2{margin-top:2.2rem}.terms{grid-template-columns:minmax(0,1fr);gap:0}
        .terms dd{margin-bottom:.5rem}.facts{grid-template-columns:repeat(2,minmax(0,1fr))}.facts>div{padding:.6rem .7rem}
        .facts dd{font-size:1.1rem}.verdict{padding:.8rem .9rem;gap:.7rem}.verdict strong{font-size:1.15rem}
        .figures th,.figures td{padding:.3rem .5rem}
        .figures tbody th{max-width:11rem}.checks tbody th{max-width:8.5rem;overflow-wrap:anywhere}.checks tr>:last-child{display:none}.figures .part th{max-width:none}}

        """

    private static let printing = """
        @media print{:root{color-scheme:light;
        --paper:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;--faint:#f4f4f4;--link:#000;
        --ok:#1a7240;--ok-back:#fff;--bad:#b3261e;--bad-back:#fff;--warn:#8a5a00;--warn-back:#fff;
        --s1:#1f6fb4;--s2:#c2570c;--s3:#6b3fa0;--s4:#7b8188;--s5:#0f7f72;--s6:#a8326d;--band:#00000008;--fault:#b3261e}
        @page{margin:14mm 12mm}
        body{font-size:9.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
        .page{max-width:none;padding:0}
        h2,h3,summary,thead{break-after:avoid}
        figure,tr,.verdict,.note,.facts,.terms>*{break-inside:avoid}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:none;overflow:visible}
        .scroll{overflow:visible}.figures tbody th{position:static;background:none}
        .facts{grid-template-columns:repeat(3,1fr)}
        .figures th,.figures td{padding:.2rem .35rem}
        table.figures{font-size:7.5pt}
        nav.contents,.screen{display:none}
        details::details-content{content-visibility:visible!important;display:block!important}
        summary{list-style:none}}

        """
}
