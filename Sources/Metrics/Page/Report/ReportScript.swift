/// What the page's script does: it moves a mark through the charts, and opens what is folded for the printer.
enum ReportScript {
    static let text = values + time + chart + start

    /// Writes values as `ValueText` does.
    private static let values = #"""
        "use strict";
        (() => {
        const digits = (value) => {
          const size = Math.abs(value);
          const text = value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
          return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
        };
        const number = (value) => {
          if (value !== Math.round(value) && Math.abs(value) < 1000) return digits(value);
          return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
        };
        const bytes = (value) => value < 999.5 ? digits(value) + " B" : value < 999500 ? digits(value / 1e3) + " KB"
          : value < 999.5e6 ? digits(value / 1e6) + " MB" : digits(value / 1e9) + " GB";
        const duration = (value) => value < 0.9995 ? digits(value * 1e3) + " µs" : value < 999.5 ? digits(value) + " ms"
          : digits(value / 1e3) + " s";
        const units = { "ms": duration, "n": number, "B": bytes, "/s": (value) => number(value) + "/s",
          "B/s": (value) => bytes(value) + "/s" };
        const list = (text) => text.split(",").map((cell) => cell === "" ? null : Number(cell));

        """#

    private static let time = #"""
        const clock = (seconds) => {
          const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
          const two = (part) => String(part).padStart(2, "0");
          return h ? h + ":" + two(m) + ":" + two(s) : m + ":" + two(s);
        };
        const phases = [...document.querySelectorAll("#phases li")].map((item) => [Number(item.dataset.from), item.textContent]);
        const phase = (second) => phases.reduce((name, [from, next]) => from <= second ? next : name, "");

        """#

    /// One chart: its values are read when they are first asked for.
    private static let chart = #"""
        class Chart {
          constructor(figure) {
            this.figure = figure;
            this.svg = figure.querySelector(".plot");
            this.at = figure.querySelector(".at");
            this.outputs = [...figure.querySelectorAll(".key output")];
            this.names = this.outputs.map((output) => output.parentElement.textContent.trim());
            this.isTime = figure.dataset.chart === "time";
            this.column = null;
            this.svg.tabIndex = 0;
            this.svg.setAttribute("role", "application");
            this.svg.setAttribute("aria-roledescription", "chart");
          }
          load() {
            if (this.series) return;
            const data = this.figure.dataset;
            this.series = data.values.split(";").map((text) => text.split("|").map(list));
            this.columns = this.series[0][0].length;
            this.step = Number(data.step);
            this.format = units[data.unit];
            const [kind, low, high] = data.scale.split(" ");
            const map = kind === "log" ? Math.log10 : (value) => value;
            const [bottom, top] = [map(Number(low)), map(Number(high))];
            this.place = (value) => 1 - Math.max(0, Math.min(1, (map(Math.max(value, kind === "log" ? 1e-9 : value)) - bottom) / (top - bottom)));
            const add = (name, parent = this.svg) => parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
            this.mark = add("g");
            this.line = add("line", this.mark);
            this.line.setAttribute("class", "cross");
            this.line.setAttribute("y2", "100%");
            this.dots = this.series.map(() => {
              const dot = add("circle", this.mark);
              dot.setAttribute("class", "dot");
              dot.setAttribute("r", "3.5");
              return dot;
            });
          }
          fraction(column) { return (column + 0.5) / this.columns; }
          nearest(fraction) {
            return Math.max(0, Math.min(this.columns - 1, Math.floor(fraction * this.columns)));
          }
          where(column) {
            if (this.isTime) {
              const from = column * this.step;
              return clock(from) + (this.step > 1 ? "–" + clock(from + this.step) : "");
            }
            if (column === this.columns - 1) return "max";
            const beyond = Math.pow(10, -Number(this.figure.dataset.decades) * column / (this.columns - 2));
            const places = Math.max(0, Math.ceil(-Math.log10(beyond)) - 1);
            return (100 * (1 - beyond)).toFixed(places) + " %";
          }
          value(series, column) {
            const [highs, lows] = this.series[series];
            if (highs[column] === null) return "–";
            const high = this.format(highs[column]);
            const low = lows ? this.format(lows[column]) : high;
            if (low === high) return high;
            const [unit] = high.match(/( .*|\/s)$/) ?? [""];
            return (unit && low.endsWith(unit) ? low.slice(0, -unit.length) : low) + "–" + high;
          }
          show(column) {
            this.load();
            this.column = column;
            const x = this.fraction(column) * 100 + "%";
            this.mark.removeAttribute("visibility");
            this.line.setAttribute("x1", x);
            this.line.setAttribute("x2", x);
            this.figure.classList.add("live");
            this.at.hidden = false;
            this.at.textContent = this.where(column);
            const name = this.isTime ? phase(column * this.step) : "";
            if (name) this.at.appendChild(document.createElement("span")).textContent = ", " + name;
            this.series.forEach(([highs], place) => {
              this.outputs[place].textContent = this.value(place, column);
              const dot = this.dots[place], value = highs[column];
              dot.setAttribute("visibility", value === null ? "hidden" : "inherit");
              if (value === null) return;
              dot.setAttribute("cx", x);
              dot.setAttribute("cy", this.place(value) * 100 + "%");
            });
          }
          clear() {
            if (this.column === null) return;
            this.column = null;
            this.mark.setAttribute("visibility", "hidden");
            this.figure.classList.remove("live");
            this.at.hidden = true;
            this.outputs.forEach((output) => { output.textContent = ""; });
          }
          get words() {
            return this.at.textContent + ": " + this.names.map((name, place) => name + " " + this.value(place, this.column)).join(", ");
          }
        }

        """#

    private static let start = #"""
        const charts = [...document.querySelectorAll("figure[data-values]")].map((figure) => new Chart(figure));
        const said = document.getElementById("said");
        const isShown = (chart) => chart.svg.getClientRects().length > 0;
        const move = (chart, column) => {
          chart.show(column);
          if (!chart.isTime) return;
          const moment = chart.fraction(column);
          for (const other of charts) {
            if (other === chart || !other.isTime || !isShown(other)) continue;
            other.load();
            other.show(other.nearest(moment * chart.columns * chart.step / (other.columns * other.step)));
          }
        };
        const clear = (chart) => { for (const other of charts) if (other === chart || chart.isTime && other.isTime) other.clear(); };
        let waiting = null;
        for (const chart of charts) {
          const point = (event) => {
            const box = chart.svg.getBoundingClientRect(), x = event.clientX;
            if (waiting === null) requestAnimationFrame(() => {
              const [chart, fraction] = waiting;
              waiting = null;
              chart.load();
              move(chart, chart.nearest(fraction));
            });
            waiting = [chart, (x - box.left) / box.width];
          };
          chart.svg.addEventListener("pointermove", point);
          chart.svg.addEventListener("pointerdown", point);
          chart.svg.addEventListener("pointerleave", (event) => {
            if (event.pointerType === "mouse" && document.activeElement !== chart.svg) clear(chart);
          });
          chart.svg.addEventListener("keydown", (event) => {
            chart.load();
            const here = chart.column, last = chart.columns - 1;
            const next = { ArrowLeft: (here ?? last + 1) - 1, ArrowRight: (here ?? -1) + 1, PageUp: (here ?? last) - 10,
              PageDown: (here ?? 0) + 10, Home: 0, End: last }[event.key];
            if (event.key === "Escape") return clear(chart);
            if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            move(chart, Math.max(0, Math.min(last, next)));
            if (said) said.textContent = chart.words;
          });
        }
        let opened = [];
        addEventListener("beforeprint", () => {
          charts.forEach((chart) => chart.clear());
          opened = [...document.querySelectorAll("details:not([open])")];
          opened.forEach((part) => { part.open = true; });
        });
        addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); });
        const unfold = () => {
          const target = location.hash && document.getElementById(location.hash.slice(1));
          for (let part = target && target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
        };
        addEventListener("hashchange", unfold);
        unfold();
        })();
        """#
}
