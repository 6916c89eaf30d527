/// What runs in the dashboard's page: it takes the events and draws. Texts go in as text, never as markup.
enum DashboardScript {
    static let text = state + drawing + page + events

    /// What is known, and numbers as people read them.
    private static let state = #"""
        'use strict';
        const $ = id => document.getElementById(id);
        // More points than this are put together in pairs, with their extremes.
        const LIMIT = 1800;
        let run = null, last = null, isOver = false, metric = '', chosen = false;
        let points = {seconds: [], series: {}}, faults = [];

        const digits = value => {
          const size = Math.abs(value);
          return String(+value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3));
        };
        const time = ms => ms == null ? '' : ms < 0.9995 ? digits(ms * 1e3) + ' µs' : ms < 999.5 ? digits(ms) + ' ms'
          : digits(ms / 1e3) + ' s';
        const count = value => value == null ? '' : value >= 999.5 || Number.isInteger(value)
          ? Math.round(value).toLocaleString('en-US') : digits(value);
        const short = value => value >= 999.5e6 ? digits(value / 1e9) + ' G' : value >= 999.5e3 ? digits(value / 1e6) + ' M'
          : value >= 9999.5 ? digits(value / 1e3) + ' k' : count(value);
        const clock = seconds => {
          const whole = Math.max(0, Math.round(seconds)), pad = value => String(value).padStart(2, '0');
          const hours = Math.floor(whole / 3600), rest = pad(Math.floor(whole / 60 % 60)) + ':' + pad(whole % 60);
          return hours > 0 ? hours + ':' + rest : rest.replace(/^0/, '');
        };

        function forget() {
          points = {seconds: [], series: {}}; faults = []; last = null; metric = ''; chosen = false;
          $('metric').replaceChildren(); delete $('metric').dataset.main;
        }

        function put(name, value) {
          const length = points.seconds.length;
          const series = points.series[name] ||= {low: [], high: []};
          while (series.low.length < length) { series.low.push(null); series.high.push(null); }
          const at = length - 1;
          if (value == null) return;
          series.low[at] = series.low[at] == null ? value : Math.min(series.low[at], value);
          series.high[at] = series.high[at] == null ? value : Math.max(series.high[at], value);
        }

        function append(second) {
          if (points.seconds.length && second.second <= points.seconds[points.seconds.length - 1]) return false;
          points.seconds.push(second.second);
          put('active', second.active); put('in', second.in); put('out', second.out);
          put('errors', second.errors); put('lag', second.lag);
          for (const [name, , number, p50, p95, p99, max] of second.latencies) {
            if (!number) continue;
            put('p50 ' + name, p50); put('p95 ' + name, p95); put('p99 ' + name, p99); put('max ' + name, max);
          }
          for (const name of Object.keys(points.series)) put(name, null);
          if (points.seconds.length > LIMIT) halve();
          return true;
        }

        function halve() {
          const pick = (list, choose) => {
            const result = [];
            for (let at = 0; at < list.length; at += 2) {
              const two = [list[at], list[at + 1]].filter(value => value != null);
              result.push(two.length ? choose(...two) : null);
            }
            return result;
          };
          points.seconds = points.seconds.filter((_, at) => at % 2 === 0);
          for (const series of Object.values(points.series)) {
            series.low = pick(series.low, Math.min); series.high = pick(series.high, Math.max);
          }
        }

        """#

    /// The charts: from the smallest to the largest value of each piece, so that no peak is lost.
    private static let drawing = #"""
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

    /// Everything beside the charts.
    private static let page = #"""
        function state(sign, text, kind) {
          $('state').textContent = sign + ' ' + text;
          $('state').className = 'mark ' + kind;
        }

        function fact(id, text, detail) {
          $(id).firstChild.textContent = text;
          $(id).lastChild.textContent = detail;
        }

        function showRun() {
          document.title = run.scenario + ' · Reprise';
          $('scenario').textContent = run.scenario;
          $('what').textContent = '→ ' + run.target + ' · seed ' + run.seed + ' · Reprise ' + run.version;
          $('verdict').hidden = true; $('warning').hidden = true;
          for (const id of ['active', 'in', 'out', 'errors', 'lag']) fact(id, '–', '');
          for (const id of ['checks', 'latencies', 'kinds']) nothing(id);
          const load = run.phases.reduce((sum, phase) => sum + phase[1], 0), whole = Math.max(run.seconds, load, 0.001);
          const parts = run.phases.map(([name, seconds]) => {
            const part = document.createElement('div');
            part.className = 'phase'; part.textContent = name; part.title = name + ': ' + clock(seconds);
            part.style.width = seconds / whole * 100 + '%';
            return part;
          });
          const done = document.createElement('div');
          done.className = 'done';
          const marks = run.faults.map(([at, text]) => {
            const mark = document.createElement('div');
            mark.className = 'fault'; mark.title = clock(at) + ': ' + text;
            mark.style.left = Math.min(at / whole, 1) * 100 + '%';
            return mark;
          });
          $('bar').replaceChildren(...parts, done, ...marks);
          progress(0);
          drawAll();
        }

        function progress(elapsed) {
          const share = run ? Math.min(elapsed / Math.max(run.seconds, 0.001), 1) * 100 : 0;
          const done = $('bar').querySelector('.done');
          if (done) done.style.width = share + '%';
          $('bar').setAttribute('aria-valuenow', Math.round(share));
          let begin = 0;
          for (const [at, part] of [...$('bar').querySelectorAll('.phase')].entries()) {
            const end = begin + run.phases[at][1];
            part.classList.toggle('now', elapsed > begin && elapsed <= end);
            begin = end;
          }
        }

        function showSecond(second) {
          if (!run) return;
          progress(second.elapsed);
          const phase = second.grace ? 'waiting for the last clients' : 'phase ' + second.phase;
          $('clock').textContent = clock(second.elapsed) + ' of ' + clock(run.seconds) + ' · ' + phase;
          const groups = second.groups.length > 1
            ? ' · ' + second.groups.map(([name, number]) => name + ' ' + count(number)).join(', ') : '';
          fact('active', count(second.active), '+' + count(second.started) + ' −' + count(second.finished) + ' ✗'
            + count(second.failed) + (second.notStarted ? ' · ' + count(second.notStarted) + ' not started' : '') + groups);
          fact('in', short(second.in) + '/s', count(second.received) + ' messages');
          fact('out', short(second.out) + '/s', count(second.sent) + ' messages');
          const rate = second.errorRate == null ? '' : digits(second.errorRate * 100) + ' % of operations failed';
          fact('errors', count(second.errorTotal), rate);
          fact('lag', second.lagRun == null ? '–' : time(second.lagRun), time(second.lagAllowed) + ' allowed'
            + (second.cpu == null ? '' : ' · ' + digits(second.cpu * 100) + ' % CPU'));
          $('warning').hidden = !second.warnings.length;
          $('warning').className = 'note ' + (second.bottleneck ? 'bad' : 'warn');
          $('warning').textContent = (second.bottleneck ? '✗ The generator is the bottleneck, as it looks now: ' : '! ')
            + second.warnings.join(' ');
          showChecks(second.checks);
          showLatencies(second.latencies);
          showKinds(second.errorKinds);
        }

        function nothing(id) {
          const text = document.createElement('p');
          text.className = 'muted'; text.textContent = 'None yet.';
          $(id).replaceChildren(text);
        }

        function table(id, heads, rows) {
          if (!rows.length) return nothing(id);
          const box = document.createElement('div'), table = document.createElement('table');
          box.className = 'scroll'; table.className = 'figures';
          const head = table.createTHead().insertRow();
          for (const [text, isNumber] of heads) {
            const cell = document.createElement('th');
            cell.scope = 'col'; cell.textContent = text; if (isNumber) cell.className = 'n';
            head.append(cell);
          }
          const body = table.createTBody();
          for (const row of rows) {
            const line = body.insertRow();
            row.forEach((text, at) => {
              const cell = document.createElement(at ? 'td' : 'th');
              if (!at) cell.scope = 'row';
              if (heads[at][1]) cell.className = 'n';
              if (text instanceof Node) cell.append(text); else cell.textContent = text;
              line.append(cell);
            });
          }
          box.append(table);
          $(id).replaceChildren(box);
        }

        const marks = {'holds': ['✓ holds', 'ok'], 'fails': ['✗ fails', 'bad'], 'not yet': ['○ not yet', 'warn'],
          'no data': ['– no data', '']};
        function showChecks(checks) {
          table('checks', [['Check'], ['State'], ['So far']], checks.map(([text, state, value]) => {
            const mark = document.createElement('span');
            mark.className = 'mark ' + marks[state][1]; mark.textContent = marks[state][0];
            return [text, mark, value];
          }));
        }

        function showLatencies(latencies) {
          for (const [name, isMain] of latencies) offer(name, isMain);
          follow(latencies);
          table('latencies', [['Metric'], ['Count', 1], ['p50', 1], ['p95', 1], ['p99', 1], ['Max', 1]],
            latencies.filter(line => line[2] > 0).map(([name, , number, ...values]) => [name, count(number), ...values.map(time)]));
        }

        function showKinds(kinds) {
          table('kinds', [['Kind'], ['So far', 1], ['Last second', 1]],
            kinds.map(([kind, total, now]) => [kind, count(total), count(now)]));
        }

        // A metric to choose; the first main one is shown until somebody chooses.
        function offer(name, isMain) {
          const select = $('metric');
          if ([...select.options].some(option => option.value === name)) return;
          const option = document.createElement('option');
          option.value = option.textContent = name;
          select.append(option);
          if (!metric || (!chosen && isMain && !select.dataset.main)) { metric = select.value = name; }
          if (isMain) select.dataset.main = 'yes';
        }
        // Until somebody chooses, a metric that has had its time makes room for one that goes on.
        let silent = 0;
        function follow(latencies) {
          silent = latencies.some(([name, , number]) => name === metric && number > 0) ? 0 : silent + 1;
          const next = latencies.find(([, isMain, number]) => isMain && number > 0);
          if (!chosen && silent > 10 && next) { metric = $('metric').value = next[0]; silent = 0; }
        }
        $('metric').addEventListener('change', event => { metric = event.target.value; chosen = true; drawAll(); });

        function showVerdict(verdict) {
          const box = $('verdict');
          box.hidden = false; box.className = 'verdict ' + (verdict.passed ? 'ok' : 'bad');
          box.querySelector('.sign').textContent = verdict.passed ? '✓' : '✗';
          box.querySelector('strong').textContent = verdict.text;
          box.querySelector('p').textContent = 'The run is over after ' + clock(verdict.seconds) + '; exit code ' + verdict.code
            + '. The whole report stands in the folder of its results.';
          showChecks(verdict.checks);
        }

        function showEarlier(runs) {
          $('earlier').hidden = !runs.length;
          $('earlier').querySelector('ul').replaceChildren(...runs.map(verdict => {
            const item = document.createElement('li'), mark = document.createElement('span');
            mark.className = 'mark ' + (verdict.passed ? 'ok' : 'bad'); mark.textContent = verdict.passed ? '✓ ' : '✗ ';
            item.append(mark, verdict.scenario + ': ' + verdict.text);
            return item;
          }));
        }

        """#

    /// What the server tells. The browser connects again by itself, but for answers that are none; then it is asked to.
    private static let events = #"""
        let earlier = [], ended = null, source = null, isGone = false;

        function on(name, handler) {
          source.addEventListener(name, event => handler(JSON.parse(event.data)));
        }

        function connect() {
          source = new EventSource('/events');
          source.addEventListener('open', () => {
            document.body.classList.remove('lost');
            state('●', isOver ? 'over' : run ? 'running' : 'waiting for a run', isOver ? '' : 'ok');
          });
          source.addEventListener('error', () => {
            if (isGone) return;
            document.body.classList.add('lost');
            state('✗', 'connection lost, trying again', 'bad');
            if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
          });
          on('runs', runs => { earlier = runs; ended = null; showEarlier(earlier); });
          on('run', next => {
            if (ended) { earlier.push(ended); showEarlier(earlier); }
            ended = null; isOver = false; run = next;
            forget(); showRun();
            state('●', 'running', 'ok');
          });
          on('history', history => {
            const {seconds, series} = history;
            points = {seconds, series: {}};
            for (const [name, [low, high]] of Object.entries(series)) points.series[name] = {low, high: high ?? low.slice()};
            faults = history.faults;
            for (const name of history.metrics) offer(name, false);
            drawAll();
          });
          on('second', second => {
            last = second;
            if (append(second)) faults.push(...second.faults);
            showSecond(second);
            drawAll();
          });
          on('verdict', verdict => {
            ended = verdict; isOver = true;
            state(verdict.passed ? '✓' : '✗', 'over: ' + (verdict.passed ? 'passed' : 'failed'), verdict.passed ? 'ok' : 'bad');
            showVerdict(verdict); drawAll();
          });
          on('over', () => {
            isGone = true;
            source.close();
            if (!isOver) state('✗', 'over: Reprise has ended', 'bad');
          });
        }
        connect();

        """#
}
