extension DashboardScript {
    /// Everything beside the charts.
    static let page = #"""
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
}
