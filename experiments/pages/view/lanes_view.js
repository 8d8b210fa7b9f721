// Questions one by one, and episodes drawn as lanes: a bar for each branch, as long as its tokens.
"use strict";
(() => {
  const { el, svg, section } = evotts;
  const height = 15, name = 62, room = 110;
  const ends = ["goes on ▸", "ended ●", "pruned ✕", "cut ✕"];

  // The colour of an answer: the right one has one of its own, others by how often they are seen.
  const colours = (trace, gold) => {
    const seen = new Map();
    for (const lane of trace.lanes) for (let i = 1; i < lane.answers.length; i += 2)
      if (lane.answers[i] !== null && lane.answers[i] !== gold) seen.set(lane.answers[i], (seen.get(lane.answers[i]) ?? 0) + 1);
    const order = [...seen].sort((a, b) => b[1] - a[1]).map(([answer]) => answer);
    const of = (answer) => (answer === null ? "var(--line)" : answer === gold ? "var(--c2)"
      : `var(--c${[1, 3, 4, 5, 0][Math.min(order.indexOf(answer), 4)]})`);
    return { of, order };
  };

  // trace.lanes: {recorded, opened, end, tokens, answers: [up to these tokens, the answer known until then, …]}
  evotts.lanes = (trace, question) => {
    const { of, order } = colours(trace, question.gold_answer);
    const most = Math.max(1, ...trace.lanes.map((lane) => lane.tokens));
    const width = 720, scale = (tokens) => name + (tokens / most) * (width - name - room);
    const drawing = svg("svg", { class: "lanes", role: "img", width, height: trace.lanes.length * height + 4,
      viewBox: `0 0 ${width} ${trace.lanes.length * height + 4}`,
      "aria-label": `${trace.lanes.length} branches as bars, as long as their tokens; the table below says the same` });
    trace.lanes.forEach((lane, i) => {
      const y = i * height + 2;
      drawing.append(svg("text", { x: 0, y: y + 10 }, `b${i}/${lane.recorded}`));
      let from = 0;
      for (let a = 0; a < lane.answers.length; a += 2) {
        const to = lane.answers[a], answer = lane.answers[a + 1];
        const bar = svg("rect", { x: scale(from), y, width: Math.max(1, scale(to) - scale(from)), height: height - 4,
          fill: of(answer), stroke: "var(--ground)", "stroke-width": 0.5 });
        bar.append(svg("title", {}, `tokens ${from} to ${to}: ${answer === null ? "no answer" : question.answers[answer]}`));
        if (answer === question.gold_answer && answer !== null)
          drawing.append(bar, svg("path", { d: `M${scale(from)} ${y + height - 4}H${scale(to)}`, stroke: "var(--ink)", "stroke-width": 2 }));
        else drawing.append(bar);
        from = to;
      }
      drawing.append(svg("text", { x: scale(lane.tokens) + 5, y: y + 10 }, ends[lane.end]));
    });
    const text = (answer) => (answer === null || answer === undefined ? "-" : question.answers[answer]);
    const rows = trace.lanes.map((lane, i) => [`b${i}/${lane.recorded}`, lane.opened < 0 ? "start" : String(lane.opened),
      String(lane.tokens), text(lane.answers.at(-1)), ends[lane.end]]);
    const legend = [["var(--line)", "no answer yet"],
      ...(question.gold_answer === null ? [] : [["var(--c2)", `${text(question.gold_answer)}, right (with a line below)`]]),
      ...order.slice(0, 4).map((answer) => [of(answer), text(answer)]), ...(order.length > 4 ? [["var(--c0)", "other answers"]] : [])];
    return [evotts.legend(legend), el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Branches of the episode" }, drawing),
      evotts.foldedTable({ columns: ["branch", "opened in round", "tokens", "last answer", "end"],
        left: [true, false, false, true, true], rows }, "Branches")];
  };

  evotts.questions = (run) => {
    const data = run.episodes?.questions;
    if (!data || data.environments.length === 0) return null;
    const place = el("div", { "aria-live": "polite" }), pick = el("span");
    let environment = 0, number = 0, controller = 0, beta = data.first_beta;
    const show = () => {
      const question = data.environments[environment].questions[number];
      const trace = question.traces.find((t) => t.controller === controller && data.betas[t.beta] === beta);
      place.replaceChildren(
        question.text && el("p", question.text), el("p", el("b", "Right answer: "), question.gold),
        evotts.table({ columns: ["controller", "beta", "accuracy", "tokens"], left: [true, false, false, false],
          rows: question.rows }, "Over all orderings of the page"),
        ...(trace ? [el("h3", `${data.controllers[controller]} at beta ${beta}, ordering ${trace.ordering}`),
          el("p", trace.ending), el("p", trace.answer), ...evotts.lanes(trace, question)]
          : [el("p", "No episode of this setting is kept on the page.")]));
    };
    const list = () => {
      const questions = data.environments[environment].questions;
      pick.replaceChildren(evotts.choice("Question", questions.map((q, i) => [i, `${i}: ${q.title}`]), number,
        (v) => { number = Number(v); show(); }));
    };
    list();
    show();
    return section("questions", "Questions",
      el("p", data.note),
      el("div.choices",
        evotts.choice("Environment", data.environments.map((e, i) => [i, e.name]), 0, (v) => { environment = Number(v); number = 0; list(); show(); }),
        pick,
        evotts.choice("Controller", data.controllers.map((c, i) => [i, c]), 0, (v) => { controller = Number(v); show(); }),
        evotts.choice("Beta", data.betas.map((b) => [b, b]), beta, (v) => { beta = v; show(); })),
      place);
  };
})();
