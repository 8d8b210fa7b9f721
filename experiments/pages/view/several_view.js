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
    el("div.faint", run.score === undefined ? "cannot be read whole" : `champion ${run.score}, generation ${run.state}`),
    evotts.sparkline(evotts.progressPoints(run).map((p) => p.y)), { type: "button", onclick: () => open(at) }));

  // Rows of a table that have this in their first column, without it.
  const rowsOf = (data, first) => ({ columns: data.columns.slice(1), left: data.left.slice(1),
    rows: data.rows.filter((row) => row[0] === first).map((row) => row.slice(1)) });

  // Differences of each run to the known controller that is chosen, and their spread over the runs.
  const toKnown = ({ unit, known, known_spread, known_note }) => {
    const names = [...new Set(column(known, "against"))];
    if (names.length === 0) return el("p", "No known controller reaches the budgets of these runs.");
    const place = el("div");
    const show = (name) => {
      const differences = rowsOf(known, name), spread = rowsOf(known_spread, name);
      const points = (rows, at, low, high) => rows.map((row) => ({ x: number(row[at.tokens]), y: number(row[at.y]),
        low: number(row[low]), high: number(row[high]),
        text: [`${row[at.tokens]} ${unit}`, `difference ${row[at.y]} [${row[low]}, ${row[high]}]`] }));
      const runs = [...new Set(column(differences, "run"))];
      place.replaceChildren(
        evotts.chart({ label: `Differences of each run to ${name} at equal mean ${unit}, and their median`, log: true,
          x: `mean ${unit} of an episode (log scale)`, y: "difference, points",
          series: [...(spread.rows.length ? [{ label: "median, lowest and highest", strong: true,
            points: points(spread.rows, { tokens: 0, y: 2 }, 1, 3) }] : []),
            ...runs.map((run, i) => ({ label: run, colour: i + 1,
              points: points(differences.rows.filter((row) => row[0] === run), { tokens: 1, y: 3 }, 4, 5) }))] }),
        table(spread, `Differences to ${name}: lowest, median and highest of the runs`),
        foldedTable(differences, `Differences of each run to ${name}`));
    };
    const first = names.includes("asc") ? "asc" : names[0];
    show(first);
    return [el("h3", "To known controllers"), el("p", known_note),
      el("div.choices", evotts.choice("Against", names.map((name) => [name, name]), first, show)), place];
  };

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
      el("p", data.paired.note), table(data.paired.table, `Accuracy at equal mean ${data.paired.unit}, and differences with 95% intervals`),
      toKnown(data.paired));
    return [...evotts.problems(data), spread, paired];
  };

  evotts.severalSections = (runs, both, open) => [
    section("runs", "Runs", el("ul.runs", runs.map((run, i) => card(run, i, open))), both?.table && table(both.table, "Where they stand")),
    section("all-progress", "Progress", evotts.chart({ label: "Score of the champion of each run by generation",
      x: "generation", y: "score", series: runs.map((run, i) => ({ label: run.name, colour: i, stepped: "before",
        points: evotts.progressPoints(run) })) })),
    ...together(both),
  ].filter((each) => each);
})();
