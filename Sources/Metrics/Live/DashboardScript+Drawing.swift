extension DashboardScript {
    /// The charts: from the smallest to the largest value of each piece, so that no peak is lost.
    static let drawing = #"""
        const lines = {
          clients: () => [['active', 'active', '--s1', []]],
          messages: () => [['in', 'in', '--s1', []], ['out', 'out', '--s2', [6, 3]]],
          errors: () => [['errors', 'errors', '--fault', []]],
          lag: () => [['lag', 'lag', '--s3', []]],
          latency: () => [['p50', 'p50 ' + metric, '--s1', []], ['p95', 'p95 ' + metric, '--s2', [6, 3]],
            ['p99', 'p99 ' + metric, '--s3', [2, 2]], ['max', 'max ' + metric, '--s4', [1, 4]]]
        };
        const charts = [...document.querySelectorAll('[data-chart]')].map(figure => {
          const canvas = document.createElement('canvas'), legend = document.createElement('div');
          canvas.tabIndex = 0; canvas.setAttribute('role', 'img'); legend.className = 'legend';
          figure.append(canvas, legend);
          const chart = {kind: figure.dataset.chart, canvas, legend, at: null, box: null};
          const show = at => { chart.at = at; draw(chart); };
          canvas.addEventListener('pointermove', event => {
            if (!chart.box || !points.seconds.length) return;
            const share = (event.clientX - canvas.getBoundingClientRect().left - chart.box.left) / chart.box.width;
            show(nearest(share * chart.box.until));
          });
          canvas.addEventListener('pointerleave', () => show(null));
          canvas.addEventListener('blur', () => show(null));
          canvas.addEventListener('keydown', event => {
            const step = {ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30}[event.key];
            const size = points.seconds.length;
            if (event.key === 'Escape') return show(null);
            if (!size || (step == null && event.key !== 'Home' && event.key !== 'End')) return;
            event.preventDefault();
            const from = chart.at ?? size - 1;
            show(event.key === 'Home' ? 0 : event.key === 'End' ? size - 1
              : Math.min(size - 1, Math.max(0, from + step)));
          });
          return chart;
        });

        function nearest(second) {
          let low = 0, high = points.seconds.length - 1;
          while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (points.seconds[middle] <= second) low = middle; else high = middle - 1;
          }
          return low;
        }

        const isTime = kind => kind === 'latency' || kind === 'lag';
        const value = (kind, number) => isTime(kind) ? time(number) : short(number);

        // The next of 1, 2, 5, 10 … above a number.
        function ceiling(number) {
          const power = 10 ** Math.floor(Math.log10(number));
          return [1, 2, 5, 10].map(step => step * power).find(step => step >= number * 0.999) ?? number;
        }

        function draw(chart) {
          const canvas = chart.canvas, pen = canvas.getContext('2d'), style = getComputedStyle(document.documentElement);
          const colour = name => style.getPropertyValue(name).trim();
          const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
          if (!width || !height) return;
          canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
          pen.setTransform(ratio, 0, 0, ratio, 0, 0);
          pen.clearRect(0, 0, width, height);
          pen.font = '11px system-ui, sans-serif';
          const shown = lines[chart.kind]().map(([name, key, tint, dash]) => ({name, tint, dash,
            low: points.series[key]?.low ?? [], high: points.series[key]?.high ?? []}));
          let top = 0;
          for (const line of shown) for (const number of line.high) if (number > top) top = number;
          const least = isTime(chart.kind) ? 0.1 : 1;
          top = top > 0 ? Math.max(ceiling(top), least) : least;
          const size = points.seconds.length, end = size ? points.seconds[size - 1] + 1 : 1;
          const until = Math.max(end, run && !isOver ? Math.min(run.seconds, Math.max(end * 1.5, 30)) : end, 5);
          const left = 54, right = 8, above = 8, below = 20;
          const box = chart.box = {left, width: width - left - right, until};
          const x = second => left + second / until * box.width;
          const y = number => above + (1 - number / top) * (height - above - below);

          pen.strokeStyle = colour('--rule'); pen.fillStyle = colour('--soft'); pen.lineWidth = 1;
          pen.textBaseline = 'middle'; pen.textAlign = 'right';
          for (const share of [0, 0.5, 1]) {
            const line = Math.round(y(top * share)) + 0.5;
            pen.beginPath(); pen.moveTo(left, line); pen.lineTo(width - right, line); pen.stroke();
            pen.fillText(share ? value(chart.kind, top * share) : '0', left - 6, line);
          }
          pen.textBaseline = 'alphabetic';
          const ticks = Math.max(2, Math.min(6, Math.floor(box.width / 90)));
          for (let tick = 0; tick <= ticks; tick++) {
            pen.textAlign = tick === 0 ? 'left' : tick === ticks ? 'right' : 'center';
            pen.fillText(clock(until * tick / ticks), x(until * tick / ticks), height - 5);
          }
          if (run) {
            let begin = 0;
            pen.setLineDash([1, 3]);
            for (const [, seconds] of run.phases) {
              if (begin > 0 && begin < until) {
                pen.beginPath(); pen.moveTo(x(begin), above); pen.lineTo(x(begin), height - below); pen.stroke();
              }
              begin += seconds;
            }
          }
          pen.strokeStyle = pen.fillStyle = colour('--fault');
          pen.setLineDash([4, 3]);
          for (const [at] of faults) {
            if (at > until) continue;
            pen.beginPath(); pen.moveTo(x(at), above); pen.lineTo(x(at), height - below); pen.stroke();
            pen.beginPath(); pen.moveTo(x(at) - 4, above - 6); pen.lineTo(x(at) + 4, above - 6); pen.lineTo(x(at), above);
            pen.fill();
          }
          let drawn = 0;
          for (const line of shown) {
            pen.strokeStyle = pen.fillStyle = colour(line.tint); pen.lineWidth = 1.6; pen.setLineDash(line.dash);
            pen.lineJoin = 'round';
            pen.beginPath();
            let joined = false, alone = null;
            for (let at = 0; at < size; at++) {
              const low = line.low[at], high = line.high[at];
              if (high == null) { if (alone != null) dot(alone); joined = false; alone = null; continue; }
              const place = x(points.seconds[at] + 0.5);
              alone = joined ? null : [place, y(high)];
              if (joined) pen.lineTo(place, y(high)); else pen.moveTo(place, y(high));
              if (low !== high) { pen.lineTo(place, y(low)); alone = null; }
              joined = true; drawn++;
            }
            pen.stroke();
            if (alone != null) dot(alone);
          }
          // A value between two gaps has no line to be seen by.
          function dot([left, top]) { pen.fillRect(left - 1.5, top - 1.5, 3, 3); }
          pen.setLineDash([]);
          const at = chart.at != null && chart.at < size ? chart.at : null;
          if (at != null) {
            const place = x(points.seconds[at] + 0.5);
            pen.strokeStyle = colour('--soft'); pen.lineWidth = 1;
            pen.beginPath(); pen.moveTo(place, above); pen.lineTo(place, height - below); pen.stroke();
          }
          explain(chart, shown, at ?? size - 1, at != null);
          canvas.dataset.points = drawn;
          canvas.dataset.last = size ? points.seconds[size - 1] : -1;
        }

        function explain(chart, shown, at, isChosen) {
          const texts = shown.map(line => {
            const low = line.low[at], high = line.high[at];
            const text = high == null ? '–' : low === high ? value(chart.kind, high)
              : value(chart.kind, low) + ' … ' + value(chart.kind, high);
            return line.name + ' ' + text;
          });
          const when = at >= 0 ? clock(points.seconds[at]) : '';
          chart.legend.replaceChildren(...shown.map((line, place) => {
            const item = document.createElement('span'), mark = document.createElementNS(svg, 'svg');
            const stroke = document.createElementNS(svg, 'line');
            const set = {x1: 0, x2: 26, y1: 4, y2: 4, 'stroke-width': 2, 'stroke-dasharray': line.dash.join(' ')};
            for (const [name, number] of Object.entries(set)) stroke.setAttribute(name, number);
            stroke.style.stroke = 'var(' + line.tint + ')';
            mark.setAttribute('aria-hidden', 'true');
            mark.append(stroke); item.append(mark, texts[place]);
            return item;
          }), isChosen ? 'at ' + when : '');
          const name = chart.kind === 'latency' ? 'Latency of ' + metric : chart.canvas.previousElementSibling.textContent;
          chart.canvas.setAttribute('aria-label', name + (when ? ' at ' + when + ': ' + texts.join(', ') : ': nothing yet'));
        }
        const svg = 'http://www.w3.org/2000/svg';
        const drawAll = () => charts.forEach(draw);
        new ResizeObserver(drawAll).observe($('charts'));
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

        """#
}
