// Several runs beside each other: a list, their progress, their spread, paired differences.
"use strict";
(() => {
  const { el, svg, section, table, foldedTable, column, number } = evotts;

  // A line without axes; what it says stands beside it.
  evotts.sparkline = (values) => {
    const fine = values.filter(Number.isFinite);
    const low = Math.min(...fine), span = Math.max(...fine) - low || 1, last = Math.max(1, values.length - 1);
    const path = values.map((v, i) => (Number.isFinite(v) ? `${(100 * i) / last},${28 - (26 * (v - low)) / span}` : "")).filter((p) => p);
    return svg("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("polyline", { points: path.join(" "), fill: "none", stroke: "var(--c0)", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke" }));
  };

  const card = (run, at, open) => el("li", el("button", el("b", run.name),
    el("div.faint", run.score === undefined ? "cannot be read whole" : `best ${run.score}, generation ${run.state}`),
    evotts.sparkline(evotts.progressPoints(run).map((p) => p.y)), { type: "button", onclick: () => open(at) }));

  const together = (data) => {
    if (!data) return [];
    const spread = data.spread && section("spread", "Spread over seeds",
      el("p", data.spread.note),
      evotts.chart({ label: "Median, lowest and highest score of the champions by generation", x: "generation", y: "score",
        series: ["median", "low", "high"].map((name, i) => ({ label: name, strong: i === 0, radius: 2,
          points: data.spread.table.rows.map((row) => ({ x: number(row[0]), y: number(row[data.spread.table.columns.indexOf(name)]),
            text: [`generation ${row[0]}`, `${name} ${row[data.spread.table.columns.indexOf(name)]}`] })) })) }),
      foldedTable(data.spread.table, "Spread by generation"));
    const paired = data.paired && section("paired", "Paired differences",
      el("p", data.paired.note), table(data.paired.table, "Accuracy at equal mean tokens, and differences with 95% intervals"));
    return [...(data.problems ?? []).map(({ part, why }) => el("p.note", el("b", part + " cannot be shown: "), why)), spread, paired];
  };

  evotts.severalSections = (runs, both, open) => [
    section("runs", "Runs", el("ul.runs", runs.map((run, i) => card(run, i, open))), both?.table && table(both.table, "Where they stand")),
    section("all-progress", "Progress", evotts.chart({ label: "Score of the champion of each run by generation",
      x: "generation", y: "score", series: runs.map((run, i) => ({ label: run.name, colour: i, stepped: "before",
        points: evotts.progressPoints(run) })) })),
    ...together(both),
  ].filter((each) => each);
})();
