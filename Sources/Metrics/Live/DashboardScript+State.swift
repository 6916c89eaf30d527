extension DashboardScript {
    /// What is known, and numbers as people read them.
    static let state = #"""
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
}
