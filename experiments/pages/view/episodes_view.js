// What episodes say: which line brought what, where episodes are lost and where tokens go.
"use strict";
(() => {
  const { el, section, foldedTable, number } = evotts;

  evotts.blame = (run) => {
    const { lines } = run.episodes.blame;
    let before = null;
    const rows = lines.map((line) => {
      const same = line.id === before || !line.id;
      if (line.id) before = line.id;
      const cells = same ? ["", "", "", ""] : [String(line.generation), line.accuracy, line.tokens, line.operator];
      return el("tr" + (same ? "" : ".first"), el("td.left", evotts.codeLine(line.text)),
        cells.map((text, c) => el("td" + (c > 2 ? ".left.faint" : ".faint"), text)));
    });
    const heads = ["line", "born", "accuracy [95%]", "tokens [95%]", "operator"];
    return [el("p", "Beside each line stands the step that brought it, with what that step gained over its first parent."),
      el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Lines with the steps that brought them" },
        el("table.blame", el("thead", el("tr", heads.map((h, i) => el("th" + (i === 0 || i === 4 ? ".left" : ""), h, { scope: "col" })))),
          el("tbody", rows)))];
  };

  // A bar for each row, of parts in percent of its width; what is left of it belongs to none of them.
  const bars = (rows, names, label) =>
    el("div", { role: "group", "aria-label": label },
      rows.map(({ name, shares, note }) => {
        const bar = el("span.bar", { role: "img", "aria-label": names.map((n, i) => `${n} ${shares[i]}%`).join(", ") });
        shares.forEach((share, i) => {
          const part = el("span", { title: `${names[i]} ${share}%` });
          part.style.width = `${number(share)}%`;
          part.style.background = `var(--c${i % 7})`;
          bar.append(part);
        });
        return el("div.barline", el("span.name", name), bar, note && el("span.faint", note));
      }),
      evotts.legend(names.map((name, i) => [`var(--c${i % 7})`, name.replaceAll("_", " ")])));

  // Of each controller, the row of a beta.
  const rowsAt = (data, beta, columns, note) => data.flatMap(({ controller, table }) =>
    table.rows.filter((row) => row[0] === beta).map((row) => {
      const cell = (name) => row[table.columns.indexOf(name)];
      return { name: controller, shares: columns.map(cell), note: note(cell) };
    }));

  evotts.why = (run) => {
    const data = run.episodes?.diagnoses;
    if (!data) return null;
    const outcomes = ["right", "unrecorded", "unopened", "pruned", "early", "outvoted"];
    const use = ["pruned_tokens", "unfinished_tokens"];
    const betas = data[0].table.rows.map((row) => row[0]);
    const lost = el("div"), spent = el("div");
    const show = (beta) => {
      lost.replaceChildren(bars(rowsAt(data, beta, outcomes, (cell) => `${cell("right")}% right`), outcomes,
        "Shares of the episodes by outcome"));
      spent.replaceChildren(bars(rowsAt(data, beta, use, (cell) => `${cell("settled_tokens")}% settled`), use,
        "Shares of the tokens"));
    };
    const middle = betas[Math.floor(betas.length / 2)];
    show(middle);
    return section("why", "Why it works",
      el("p", run.episodes.diagnoses_note),
      el("div.choices", evotts.choice("Beta", betas.map((b) => [b, b]), middle, show)),
      el("h3", "Where episodes are lost"), lost,
      el("p.faint", run.episodes.outcomes.map(([name, meaning]) => el("span", el("b", name), `: ${meaning}`, el("br")))),
      el("h3", "Where tokens go"),
      el("p.faint", "The rest of a bar are tokens of branches that came to their end. Settled: spent after the answer " +
        "given had taken the lead for good."), spent,
      data.map(({ controller, table }) => foldedTable(table, `Outcomes and tokens of ${controller}`)));
  };
})();
