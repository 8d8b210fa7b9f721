// Charts: lines and points over numbers that tables hold, by Chart.js. Beside each chart stands its table.
"use strict";
(() => {
  const { el } = evotts;
  const made = [];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  evotts.colour = (i) => css("--c" + (i % 7));
  const shapes = ["circle", "rectRot", "triangle", "rect", "star", "cross", "crossRot"];
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 4]];

  const short = (value) => {
    for (const [unit, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]])
      if (Math.abs(value) >= unit) return String(Number((value / unit).toPrecision(3))) + letter;
    return String(Number(value.toPrecision(6)));
  };

  // On a log axis 1, 2 and 5 of each decade have labels.
  const logTick = (value) => {
    const lead = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    return [1, 2, 5].some((d) => Math.abs(lead - d) < 1e-6) ? short(value) : "";
  };

  // Vertical bars from low to high of points that have them, of the series that matter: all would hide each other.
  const intervals = {
    id: "intervals",
    beforeDatasetsDraw(chart) {
      const { ctx, scales: { y } } = chart;
      chart.data.datasets.forEach((set, s) => {
        if (!chart.isDatasetVisible(s) || !set.strong) return;
        chart.getDatasetMeta(s).data.forEach((place, i) => {
          const { low, high } = set.data[i];
          if (!Number.isFinite(low) || !Number.isFinite(high)) return;
          const [top, bottom] = [y.getPixelForValue(high), y.getPixelForValue(low)];
          ctx.save();
          ctx.strokeStyle = set.borderColor;
          ctx.globalAlpha = 0.55;
          ctx.beginPath();
          for (const [x0, y0, x1, y1] of [[place.x, top, place.x, bottom], [place.x - 3, top, place.x + 3, top],
            [place.x - 3, bottom, place.x + 3, bottom]]) { ctx.moveTo(x0, y0); ctx.lineTo(x1, y1); }
          ctx.stroke();
          ctx.restore();
        });
      });
    },
  };

  // Pieces of curves between the edges of the range and the points within it. They are no data of the chart, as
  // nothing was measured at their ends: no tooltip tells of them.
  const edges = {
    id: "edges",
    beforeDatasetsDraw(chart) {
      const { ctx, scales: { x, y } } = chart;
      chart.data.datasets.forEach((set, s) => {
        if (!chart.isDatasetVisible(s)) return;
        ctx.save();
        ctx.strokeStyle = set.borderColor;
        ctx.lineWidth = set.borderWidth;
        ctx.setLineDash(set.borderDash);
        ctx.beginPath();
        for (const [from, to] of set.edges) {
          ctx.moveTo(x.getPixelForValue(from.x), y.getPixelForValue(from.y));
          ctx.lineTo(x.getPixelForValue(to.x), y.getPixelForValue(to.y));
        }
        ctx.stroke();
        ctx.restore();
      });
    },
  };

  // The segments of a curve that cross an edge of the range, each cut there.
  const cutAtEdges = (points, [low, high], log) => {
    const place = log ? Math.log : Number;  // where the axis has a value: lines are straight on the chart
    const at = (a, b, x) => ({ x, y: a.y + (b.y - a.y) * (place(x) - place(a.x)) / (place(b.x) - place(a.x)) });
    const within = ({ x }) => x >= low && x <= high;
    const cut = (a, b) => (a.x < low ? at(a, b, low) : a.x > high ? at(a, b, high) : a);
    return points.slice(1).map((b, i) => [points[i], b])
      .filter(([a, b]) => !(within(a) && within(b)) && Math.min(a.x, b.x) < high && Math.max(a.x, b.x) > low)
      .map(([a, b]) => [cut(a, b), cut(b, a)]);
  };

  // Dashed lines at values of x, with a letter each.
  const marks = {
    id: "marks",
    afterDatasetsDraw(chart, args, options) {
      const { ctx, chartArea: area, scales: { x } } = chart;
      for (const { at, letter } of options.list ?? []) {
        const px = x.getPixelForValue(at);
        if (!(px >= area.left && px <= area.right)) continue;
        ctx.save();
        ctx.strokeStyle = ctx.fillStyle = css("--faint");
        ctx.setLineDash([4, 3]);
        ctx.beginPath(); ctx.moveTo(px, area.top); ctx.lineTo(px, area.bottom); ctx.stroke();
        ctx.fillText(letter, px + 3, area.top + 10);
        ctx.restore();
      }
    },
  };

  const dataset = (series, i) => {
    const colour = evotts.colour(series.colour ?? i);
    const one = {
      label: series.label, data: series.points, edges: series.edges, strong: series.strong === true, showLine: series.line !== false, stepped: series.stepped ?? false,
      borderColor: colour, backgroundColor: colour, borderWidth: series.strong ? 3 : 1.7,
      borderDash: series.strong ? [] : dashes[(i + Math.floor(i / 7)) % dashes.length], order: series.strong ? 0 : 1,
      pointStyle: series.points.length > 400 ? "circle" : shapes[(i + 2 * Math.floor(i / 7)) % shapes.length],
      pointRadius: series.points.length > 400 ? 0 : series.radius ?? 3.5, pointHitRadius: 8, pointHoverRadius: 6,
      spanGaps: false,
    };
    return one;
  };

  const axis = (title, log, extra) => ({
    type: log ? "logarithmic" : "linear",
    title: { display: true, text: title, color: css("--ink") },
    grid: { color: css("--line") },
    ticks: { color: css("--faint"), maxRotation: 0, autoSkipPadding: 12, callback: log ? logTick : short },
    ...extra,
  });

  const options = (spec) => ({
    responsive: true, maintainAspectRatio: false, animation: false, parsing: false, normalized: true,
    interaction: { mode: "nearest", intersect: false },
    onClick: (event, hits, chart) => {
      if (hits.length && spec.click) spec.click(chart.data.datasets[hits[0].datasetIndex].data[hits[0].index]);
    },
    scales: { x: axis(spec.x, spec.log, spec.xRange), y: axis(spec.y, false, spec.yRange) },
    plugins: {
      legend: { labels: { color: css("--ink"), usePointStyle: true, boxWidth: 7, boxHeight: 7 } },
      tooltip: { callbacks: { title: () => "", label: (item) => [item.dataset.label, ...(item.raw.text ?? [])] } },
      marks: { list: spec.marks },
    },
  });

  // The range of x, unless a series that matters would be gone from it.
  const rangeOf = ({ within, series }) => within && series.every((each) =>
    !each.strong || each.points.some(({ x }) => x >= within[0] && x <= within[1])) ? within : null;

  // spec: {label, x, y, log, within: [low, high], series: [{label, points: [{x, y, low, high, text: [...]}], strong, line}],
  // marks, click}
  // Points that are no numbers, on a log axis those that are not above 0, and those outside of `within` are left
  // out and counted. The line to a point outside goes to the edge. A series that shows nothing does without a
  // place in the legend.
  evotts.chart = (spec) => {
    if (typeof Chart === "undefined")
      return el("p.note", "Charts are left out: this evotts was built without Chart.js. The tables have all figures.");
    let left = 0;
    const range = rangeOf(spec);
    const isNumber = (p) => Number.isFinite(p.x) && Number.isFinite(p.y) && (!spec.log || p.x > 0);
    const fits = (p) => isNumber(p) && (!range || (p.x >= range[0] && p.x <= range[1]));
    if (range) spec.xRange = { min: range[0], max: range[1] };
    const series = spec.series.map((each) => {
      const points = each.points.filter(fits);
      left += each.points.length - points.length;
      const drawn = range && each.line !== false ? cutAtEdges(each.points.filter(isNumber), range, spec.log) : [];
      return { ...each, points, edges: drawn };
    }).filter((each) => each.points.length > 0 || each.edges.length > 0);
    const bounds = series.flatMap((each) => [
      ...(each.strong ? each.points.flatMap((p) => [p.low, p.high]) : []), ...each.edges.flat().map((p) => p.y),
    ]).filter(Number.isFinite);
    if (bounds.length) spec.yRange = { suggestedMin: Math.min(...bounds), suggestedMax: Math.max(...bounds) };
    const canvas = el("canvas", { role: "img", "aria-label": spec.label });
    const node = el("figure.chart", canvas);
    const make = () => new Chart(canvas, {
      type: "line", data: { datasets: series.map(dataset) }, options: options(spec), plugins: [edges, intervals, marks],
    });
    requestAnimationFrame(() => { made.push({ make, chart: make() }); });
    const reach = range ? `The chart goes from ${short(range[0])} to ${short(range[1])}. ` : "";
    const told = left === 1 ? "1 point has no place on this chart; the tables have it."
      : `${left} points have no place on this chart; the tables have them.`;
    return left ? el("div", node, el("p.faint", reach + told)) : node;
  };

  // Charts whose place has gone are let go of; the others take the colours of the page anew.
  const renew = () => {
    for (let i = made.length - 1; i >= 0; --i) {
      const one = made[i], there = one.chart.canvas?.isConnected;
      one.chart.destroy();
      if (there) one.chart = one.make();
      else made.splice(i, 1);
    }
  };
  evotts.forgetCharts = () => { while (made.length) made.pop().chart.destroy(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);

  // Paper is light: what is printed takes the light colours, and charts are drawn anew in them.
  const printed = (on) => {
    const { classList } = document.documentElement;
    if (classList.contains("printed") === on) return;
    classList.toggle("printed", on);
    renew();
  };
  addEventListener("beforeprint", () => printed(true));
  addEventListener("afterprint", () => printed(false));
  matchMedia("print").addEventListener("change", ({ matches }) => printed(matches));
})();
