// What the repository of a run holds: where it stands, its best, its curves, its progress.
"use strict";
(() => {
  const { el, section, table, foldedTable, column, number } = evotts;

  evotts.problems = (data) => (data.problems ?? []).map(({ part, why, partly }) =>
    el("p.note", el("b", part + (partly ? " is shown in part: " : " cannot be shown: ")), why, { role: "alert" }));

  const summary = (run) => {
    const facts = run.facts ?? [];
    const sentences = facts.filter(([matter]) => !matter).map(([, text]) => text);
    return section("summary", "Summary",
      sentences.map((text) => el("p.note", text)),
      el("dl.facts", facts.filter(([matter]) => matter).map(([matter, text]) => [el("dt", matter), el("dd", text)])),
      run.expected && foldedTable(run.expected.table, "Expected gain on new questions"),
      run.toml && evotts.folded("Experiment", () => el("pre", run.toml, { tabindex: "0" })));
  };

  const titles = { best: "The best controller", champion: "The champion, which steered the search",
    limits: "Chosen for the limits" };
  const controllers = (run) => (run.controllers ?? []).map((one) =>
    section(one.what, titles[one.what],
      el("p.faint", one.id),
      run.episodes?.blame?.id === one.id ? evotts.blame(run) : evotts.code(one.text),
      run.episodes?.blame?.id === one.id && evotts.folded("The text alone", () => evotts.code(one.text))));

  // What is charged for a row: the unit of the axis.
  const inTokens = { unit: "tokens", tokens: 1, latency_tokens: 0 };
  const charged = (charge, tokens, latency) =>
    charge.tokens * number(tokens) + (charge.latency_tokens ? charge.latency_tokens * number(latency) : 0);

  // Points of each controller of a table, with what its cells say.
  evotts.curveSeries = (data, labels, charge) => {
    const byName = new Map();
    const at = (name) => data.columns.indexOf(name);
    for (const row of data.rows) {
      const name = row[at("controller")], cell = (c) => (at(c) < 0 ? undefined : row[at(c)]);
      if (!byName.has(name)) byName.set(name, { label: name, kind: cell("kind"), points: [] });
      const interval = cell("accuracy_low") === undefined ? "" : ` [${cell("accuracy_low")}, ${cell("accuracy_high")}]`;
      byName.get(name).points.push({
        x: charged(charge, cell("tokens"), cell("latency_tokens")), y: number(cell("accuracy")), low: number(cell("accuracy_low")), high: number(cell("accuracy_high")),
        text: [`beta ${cell("beta")}`, `accuracy ${cell("accuracy")}${interval}`, `tokens ${cell("tokens")}`,
          ...(charge.latency_tokens ? [`latency tokens ${cell("latency_tokens")}`] : [])],
      });
    }
    return [...byName.values()].map((series, i) => ({ ...series, strong: labels(series.label), colour: i }));
  };

  // Twice as far as the budgets reach: controllers far from them would squeeze the curves that count.
  const aroundBudgets = ([low, high] = []) => (low > 0 && high > 0 ? [low / 2, high * 2] : undefined);

  const accuracy = (run) => {
    const rich = run.episodes?.means;
    if (!rich && !run.curves) return null;
    const charge = run.charge ?? inTokens;
    const series = evotts.curveSeries(rich ?? run.curves, (name) => name === "best" || name === "champion", charge);
    if (run.frontier)
      series.push({ label: "frontier", line: false, radius: 3, colour: 6, points: run.frontier.rows.map((row) => ({
        x: charged(charge, row[3], row[4]), y: number(row[2]),
        text: [row[0], `beta ${row[1]}`, `accuracy ${row[2]}`, `tokens ${row[3]}`] })) });
    return section("accuracy", `Accuracy against ${charge.unit}`,
      el("p", rich ? run.episodes.means_note + " Bars show them of the run's own controllers, the table of all." : "Means over the environments, as they were recorded at birth. " +
        "Known controllers are those among the founders."),
      evotts.chart({ label: `Accuracy in percent against mean ${charge.unit} of an episode, a curve for each controller`,
        x: `mean ${charge.unit} of an episode (log scale)`, y: "accuracy, %", log: true, within: aroundBudgets(run.budgets), series }),
      rich && foldedTable(rich, "Curves with 95% intervals over questions"),
      rich && run.episodes.at_budgets && foldedTable(run.episodes.at_budgets, "Accuracy at budgets, and differences"),
      rich && foldedTable(run.episodes.environments, "Each environment"),
      run.curves && foldedTable(run.curves, "Curves as recorded at birth"),
      run.frontier && foldedTable(run.frontier, "Frontier of all generations"));
  };

  const progressSeries = (data) => {
    const cells = (name) => column(data.table, name);
    const generation = cells("generation"), best = cells("best"), gain = cells("gain"), id = cells("best_id");
    const points = generation.map((g, i) => ({ x: number(g), y: number(best[i]),
      text: [`generation ${g}`, `best ${best[i]}`, `gain ${gain[i]}`, id[i]] })).filter((p) => Number.isFinite(p.x));
    const series = [{ label: "champion", points, strong: true, stepped: "before" }];
    const islands = new Map();
    for (const [g, island, score, who] of data.islands.rows) {
      if (!islands.has(island)) islands.set(island, { label: `island ${island}`, points: [], radius: 2 });
      islands.get(island).points.push({ x: number(g), y: number(score),
        text: [`generation ${g}`, `best ${score}`, who] });
    }
    return [...series, ...islands.values()];
  };
  evotts.progressPoints = (run) => (run.progress ? progressSeries(run.progress)[0].points : []);

  const progress = (run) => {
    if (!run.progress) return null;
    const data = run.progress;
    const marks = data.marks.map((mark, i) => ({ ...mark, at: mark.generation, letter: String.fromCharCode(65 + (i % 26)) }));
    const volume = column(data.table, "hypervolume"), generation = column(data.table, "generation");
    return section("progress", "Progress",
      evotts.chart({ label: "Score of the champion by generation", x: "generation", y: "score", marks,
        series: progressSeries(data) }),
      marks.length > 0 && el("ul", marks.map((mark) =>
        el("li", `${mark.letter}: generation ${mark.generation}, ${mark.text}`))),
      foldedTable(data.table, "Generations"),
      data.islands.rows.length > 0 && foldedTable(data.islands, "Islands by generation"),
      evotts.folded("Hypervolume of the frontier", () => evotts.chart({
        label: "Hypervolume of the frontier by generation", x: "generation", y: "hypervolume, %",
        series: [{ label: "hypervolume", strong: true, points: volume.map((v, i) => ({ x: number(generation[i]),
          y: number(v), text: [`generation ${generation[i]}`, `hypervolume ${v}`] })) }] })));
  };

  const operators = (run) => run.operators && section("operators", "Operators",
    el("p", "Compared: children whose first parent was scored in this run. Better: those of them with the higher score, " +
      "also in percent. Best gain: over the first parent, below 0 where every child lost. Lasted: steps on the lines of first " +
      "parents of the champion, the best and the frontier."),
    table(run.operators, "Operators of variation"));

  const models = (run) => run.models && section("models", "Language models",
    table(run.models.table, "Questions, tokens and money"),
    run.models.without_child.rows.length > 0 && foldedTable(run.models.without_child, "Why exchanges brought no child"),
    run.lineage?.ideas.rows.length > 0 ? table(run.lineage.ideas, "Ideas that lasted")
      : el("p", "No idea of a model is on the lines of the champion or the frontier."));

  const islands = (run) => run.islands && section("islands", "Islands", table(run.islands, "The fittest of each island"));

  const looks = (run) => run.looks?.rows.length > 0 && section("looks", "Looks at held-out environments",
    table(run.looks, "Figures on held-out questions, look by look"));

  evotts.runSections = (run) => [
    ...evotts.problems(run), summary(run), ...controllers(run), accuracy(run), evotts.why(run), progress(run),
    evotts.lineage(run), operators(run), models(run), islands(run), evotts.questions(run), looks(run),
  ].filter((each) => each);
})();
