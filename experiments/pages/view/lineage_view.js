// The steps by which the champion and the frontier came to be: a chart, a list, and the step that was chosen.
"use strict";
(() => {
  const { el, section, number } = evotts;

  const textOf = (data, step) => (step.text ?? []).map((n) => data.lines[n]);
  const linesOf = (data, numbers) => numbers.map((n) => data.lines[n]);

  // From an individual back along first parents.
  const lineOf = (steps, id) => {
    const line = [], seen = new Set();
    for (let at = steps.get(id); at && !seen.has(at.id); at = steps.get(at.parents[0])) {
      seen.add(at.id);
      line.push(at);
    }
    return line;
  };

  const gainClass = (gain) => (gain.startsWith("+") && Number.parseFloat(gain) > 0 ? ".up" : gain.startsWith("-") ? ".down" : "");

  const detail = (run, steps, step, open) => {
    const data = run.lineage, first = steps.get(step.parents[0]), exact = run.episodes?.gains?.[step.id];
    const person = (id) => {
      const known = steps.get(id);
      return known ? el("button", known.short, { type: "button", onclick: () => open(known) }) : id.slice(0, 10);
    };
    const rows = [["generation", step.generation], ["operator", step.operator], ["score", step.score],
      ["gain at birth", step.gain ? `${step.gain} points, tokens ${step.tokens}` : "a founder"],
      exact && ["gain", `${exact.accuracy} points, tokens ${exact.tokens}`], ["nodes", step.nodes],
      step.island && ["island", step.island], step.model && ["idea of", step.model],
      step.hypothesis && ["hypothesis", step.hypothesis]].filter((row) => row);
    const own = textOf(data, step), before = first ? textOf(data, first) : [];
    return el("div", { "aria-live": "polite" },
      el("h3", `Step ${step.short}`),
      el("dl.facts", rows.map(([name, value]) => [el("dt", name), el("dd", String(value))]),
        step.parents.length > 0 && [el("dt", "parents"), el("dd", step.parents.flatMap((id) => [person(id), " "]))]),
      step.changes.length > 0 && [el("h3", "What it changed"), el("pre", linesOf(data, step.changes).join("\n"), { tabindex: "0" })],
      own.length === 0 ? el("p", "Its text is not kept: it did not survive its birth.")
        : before.length > 0 ? [el("h3", "Its text, beside its first parent's"), evotts.codeDiff(before, own)]
          : [el("h3", "Its text"), evotts.code(own.join("\n"))]);
  };

  evotts.lineage = (run) => {
    const data = run.lineage;
    if (!data || data.targets.length === 0) return null;
    const steps = new Map(data.steps.map((step) => [step.id, step]));
    const list = el("ol.steps"), place = el("div"), chartPlace = el("div");
    let target = data.targets[0].id;

    const open = (step) => {
      place.replaceChildren(detail(run, steps, step, open));
      for (const button of list.querySelectorAll("button"))
        button.setAttribute("aria-pressed", String(button.dataset.id === step.id));
    };
    const point = (step) => ({ x: step.generation, y: number(step.score), step,
      text: [step.short, `generation ${step.generation}`, `score ${step.score}`, `gain ${step.gain || "-"}`, step.operator] });
    const show = () => {
      const line = lineOf(steps, target);
      const other = data.steps.filter((step) => !line.includes(step));
      list.replaceChildren(...line.map((step) => {
        const gain = step.gain || "";
        const button = el("button", el("span", String(step.generation)), el("span.op", step.operator),
          el("span" + gainClass(gain), gain), { type: "button", "aria-pressed": "false",
          "aria-label": `generation ${step.generation}, ${step.operator}, gain ${gain || "none"}`, onclick: () => open(step) });
        button.dataset.id = step.id;
        return el("li", button);
      }));
      chartPlace.replaceChildren(evotts.chart({ label: "Scores of the steps by generation of birth", x: "generation",
        y: "score at birth", click: ({ step }) => open(step),
        series: [{ label: "its line of first parents", strong: true, points: line.map(point).reverse() },
          { label: "other parents and lines", line: false, radius: 2.5, colour: 6, points: other.map(point) }] }));
      open(line[0]);
    };
    show();
    const names = data.targets.map(({ what, id }) => [id, `${what} ${id.slice(0, 10)}, ${steps.get(id).score}`]);
    return section("lineage", "Lineage",
      el("p", "Each step was made from the one below it. Choose one, in the list or on the chart."),
      data.left_out > 0 && el("p.note", `${data.left_out} lines of the frontier are left out: there are too many steps.`),
      el("div.choices", evotts.choice("Lineage of", names, target, (id) => { target = id; show(); })),
      chartPlace, el("div.pair", list, place));
  };
})();
