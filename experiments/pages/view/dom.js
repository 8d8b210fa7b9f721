// Elements, tables and parts of the page. Texts are set as texts, never as markup.
"use strict";
const evotts = { views: [] };

// el("p.note", "text", el("b", "more"), { title: "…" })
evotts.el = (what, ...content) => {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  evotts.fill(node, content);
  return node;
};

evotts.fill = (node, content) => {
  for (const each of content.flat(Infinity)) {
    if (each === null || each === undefined || each === false || each === "") continue;
    if (each instanceof Node || typeof each === "string") node.append(each);
    else for (const [name, value] of Object.entries(each)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
  }
};

evotts.svg = (tag, attributes, ...content) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...content);
  return node;
};

// A table as the program made it: {columns, left, rows}.
evotts.table = (table, caption) => {
  const { el } = evotts;
  const side = (c, text) => (table.left[c] ? (text.length > 60 ? ".left.wide" : ".left") : "");
  const head = el("tr", table.columns.map((name, c) =>
    el("th" + (table.left[c] ? ".left" : ""), name.replaceAll("_", " "), { scope: "col" })));
  const rows = table.rows.map((row) => el("tr", row.map((text, c) => el("td" + side(c, text), text))));
  return el("div.scroll.tall", { tabindex: "0", role: "region", "aria-label": caption },
    el("table", el("caption", caption), el("thead", head), el("tbody", rows)));
};

// The same, made when it is opened: some have thousands of rows.
evotts.folded = (title, make) => {
  const { el } = evotts;
  const node = el("details", el("summary", title));
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) node.append(make());
  });
  return node;
};

evotts.foldedTable = (table, title) =>
  evotts.folded(`${title} (${table.rows.length} ${table.rows.length === 1 ? "row" : "rows"})`,
    () => evotts.table(table, title));

evotts.column = (table, name) => {
  const at = table.columns.indexOf(name);
  return table.rows.map((row) => row[at]);
};

// What a cell says as a number; NaN where it is missing.
evotts.number = (text) => (text === "-" || text === undefined ? NaN : Number(text));

// A select with a label; `choices` are [value, text].
evotts.choice = (label, choices, chosen, change) => {
  const { el } = evotts;
  const select = el("select", choices.map(([value, text]) => el("option", text, { value: String(value) })));
  select.value = String(chosen);
  select.addEventListener("change", () => change(select.value));
  return el("label", label + " ", select);
};

evotts.section = (id, title, ...content) =>
  evotts.el("section", { id, "aria-labelledby": id + "-title" },
    evotts.el("h2", title, { id: id + "-title" }), ...content);

evotts.legend = (entries) =>
  evotts.el("div.legend", entries.map(([colour, text]) => {
    const key = evotts.el("span.key");
    key.style.background = colour;
    return evotts.el("span", key, text);
  }));
