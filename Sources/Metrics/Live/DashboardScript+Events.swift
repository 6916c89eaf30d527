extension DashboardScript {
    /// What the server tells. The browser connects again by itself, but for answers that are none; then it is asked to.
    static let events = #"""
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
