// The page put together: a head, links to its parts, a run or several.
"use strict";
(() => {
  const { el } = evotts;
  const data = JSON.parse(document.getElementById("data").textContent);
  evotts.words.w = new Set(data.words.w);
  evotts.words.v = new Set(data.words.v);

  const links = (sections) => sections.filter((each) => each.id).map((each) =>
    el("li", el("a", each.querySelector("h2").textContent, { href: "#" + each.id })));

  // `run` is null where several are compared.
  evotts.show = (title, sections, about) => {
    document.getElementById("page").replaceChildren(
      el("nav", el("ul", links(sections)), { "aria-label": "Parts of this page" }),
      el("header", el("h1", title), about),
      el("main", sections, { id: "main", tabindex: "-1" }),
      el("footer", el("p", `Made by ${data.program}. Figures are those that its commands print.`)));
  };

  const aboutRun = (run) => el("p.faint", `${run.experiment ?? "a run"}, commit ${run.commit.slice(0, 10)}`);

  const start = () => {
    const { runs, together } = data;
    const open = (at) => {
      evotts.forgetCharts();
      const chosen = at === null ? null : runs[at];
      const back = runs.length > 1 && el("div.choices", evotts.choice("Show",
        [["", "all runs together"], ...runs.map((run, i) => [i, run.name])], at ?? "", (v) => open(v === "" ? null : Number(v))));
      if (chosen) evotts.show(chosen.name, evotts.runSections(chosen), [aboutRun(chosen), back]);
      else evotts.show("Runs", evotts.severalSections(runs, together, open), back);
    };
    open(runs.length === 1 ? 0 : null);
  };
  if (data.served) evotts.serve(data);
  else start();
})();
