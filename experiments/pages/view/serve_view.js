// The page of `evotts watch`: a list of the runs below a folder, renewed as they grow.
"use strict";
(() => {
  const { el, section } = evotts;
  const pause = 2000;

  const get = async (path) => {
    const reply = await fetch(path);
    if (!reply.ok) throw new Error(await reply.text());
    return reply.json();
  };

  // What a reader has opened and where they are stays so when the page is made anew.
  const keeping = (make) => {
    const open = new Set([...document.querySelectorAll("details[open] > summary")].map((s) => s.textContent.replace(/\(.*/, "")));
    const chosen = [...document.querySelectorAll("main select")].map((select) => select.value);
    const at = scrollY;
    make();
    for (const summary of document.querySelectorAll("summary"))
      if (open.has(summary.textContent.replace(/\(.*/, ""))) summary.parentElement.open = true;
    document.querySelectorAll("main select").forEach((select, i) => {
      if (chosen[i] === undefined || chosen[i] === select.value || ![...select.options].some((o) => o.value === chosen[i])) return;
      select.value = chosen[i];
      select.dispatchEvent(new Event("change"));
    });
    scrollTo(0, at);
  };

  const list = (runs, open) => [section("runs", "Runs",
    runs.length === 0 && el("p", "No run is here yet."),
    el("ul.runs", runs.map((run) => el("li", el("button", el("b", run.name),
      el("div.faint", run.there ? run.headline : "is not there any more"),
      { type: "button", onclick: () => open(run.number) })))))];

  evotts.serve = () => {
    const status = el("p.faint", "", { role: "status" });
    let chosen = null, shown = "", runs = [];

    const open = (number) => {
      chosen = number;
      shown = "";
      tick();
    };
    const back = () => el("div.choices", el("button", "All runs", { type: "button", onclick: () => open(null) }));

    const tick = async () => {
      try {
        runs = (await get("/runs.json")).runs;
        status.textContent = "";
        const run = runs.find((each) => each.number === chosen);
        const state = run ? run.changed : JSON.stringify(runs);
        if (state === shown || (run && !run.there && shown)) return;
        const data = run && await get(`/run.json?number=${run.number}`);
        if (run && run.number !== chosen) return;
        // Data may be older than the run: those that take long to make are made less often.
        shown = run && data.commit !== run.changed.slice(0, 40) ? "older" : state;
        keeping(() => {
          evotts.forgetCharts();
          if (run) evotts.show(run.name, evotts.runSections(data), [status, back()]);
          else evotts.show("Runs", list(runs, open), status);
        });
      } catch (error) {
        status.textContent = `evotts watch does not answer: ${error.message}`;
        if (!status.isConnected) evotts.show("Runs", [], status);
      }
    };
    const loop = async () => {
      if (!document.hidden) await tick();
      setTimeout(loop, pause);
    };
    loop();
  };
})();
