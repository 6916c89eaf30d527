/// How charts look; it goes beside `PageStyle.text` into pages that have some.
package enum ChartStyle {
    package static let text = """
        .chart{margin:1.5rem 0 1.2rem;padding:0 4px 0 3.9rem;overflow:hidden}
        .chart figcaption{margin:0 0 1.35rem -3.9rem;display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.05rem 1rem;
        align-items:baseline}
        .chart .title{font-weight:620;overflow-wrap:anywhere}
        .chart .at{font-variant-numeric:tabular-nums;color:var(--soft);font-size:.88rem}
        .key{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0;padding:0;font-size:.85rem;
        color:var(--soft);grid-column:1/-1}
        .key li{white-space:nowrap;max-width:100%;overflow:hidden;text-overflow:ellipsis}
        .key output{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
        .live .key output{display:inline-block;min-width:4.6em}
        .swatch{width:28px;height:10px;vertical-align:baseline;margin-right:.35em}
        .plot{display:block;width:100%;height:150px;margin-bottom:20px;overflow:visible;touch-action:pan-y}
        .plot:focus-visible{outline-offset:1px}
        .plot svg{overflow:visible}
        .plot text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
        .plot .level{text-anchor:end}
        .plot .tick{text-anchor:middle}.plot .last{text-anchor:end}
        .plot .name{font-style:italic}
        .plot .hit{fill:var(--fault);font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:3px}
        .plot .hit.short{display:none}
        .grid{stroke:var(--rule);stroke-width:1}
        .edge{stroke:var(--rule);stroke-width:1;stroke-dasharray:1 3}
        .phase{fill:var(--band)}
        .over{fill:var(--fault);opacity:.09}
        .fault{stroke:var(--fault);stroke-width:1.5}
        .cross{stroke:var(--ink);stroke-width:1;opacity:.6}
        .dot{fill:var(--ink);stroke:var(--paper);stroke-width:1.5}
        .line{fill:none;stroke-width:1.8;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
        .s1{stroke:var(--s1)}
        .s2{stroke:var(--s2);stroke-dasharray:7 4}
        .s3{stroke:var(--s3);stroke-dasharray:1.5 4}
        .s4{stroke:var(--s4);stroke-width:1}
        .s5{stroke:var(--s5);stroke-dasharray:9 4 1.5 4}
        .s6{stroke:var(--s6);stroke-dasharray:3 3}
        .lone{stroke-width:5;stroke-dasharray:none}
        .fill{stroke:none;opacity:.16}
        .f1{fill:var(--s1)}.f2{fill:var(--s2)}.f3{fill:var(--s3)}.f4{fill:var(--s4)}.f5{fill:var(--s5)}.f6{fill:var(--s6)}
        .about{color:var(--soft);font-size:.82rem;margin:-.2rem 0 0}
        .bar{width:5rem;height:.6rem;vertical-align:baseline}
        .bar .whole{fill:var(--rule)}.bar .part{fill:var(--bad)}
        code.line{white-space:nowrap}
        .smalls{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:.4rem 1.6rem}
        .chart.small{margin:.6rem 0}
        .chart.small .plot{height:84px}
        .chart.small figcaption{margin-bottom:.6rem}
        .chart.small .odd{display:none}
        .chart.small .title{font-weight:500;font-size:.85rem}
        @media (max-width:640px){.plot .wide,.plot .odd{display:none}.plot .hit.short{display:inline}
        .chart{padding-left:3.4rem}.chart figcaption{margin-left:-3.4rem}.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:.1rem .8rem}
        .chart .at span{display:none}
        .key li{font-size:.8rem}.live .key output{min-width:0}
        .smalls{grid-template-columns:minmax(0,1fr)}}
        @media print{.plot{height:110px}.chart{margin:.8rem 0}.smalls{grid-template-columns:1fr 1fr}
        .chart .at,.key output{display:none}}

        """
}
