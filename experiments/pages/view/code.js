// Controllers' texts: words in colour, and two texts line by line.
"use strict";
(() => {
  const { el } = evotts;
  const token = /(#.*$)|([A-Za-z_][A-Za-z0-9_]*)|(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([^A-Za-z0-9_#]+)/gm;

  evotts.words = { w: new Set(), v: new Set() };

  // One line as spans.
  evotts.codeLine = (line) => {
    const spans = [];
    for (const [text, comment, word, number] of line.matchAll(token)) {
      const kind = comment ? "c" : number ? "n" : !word ? "" : evotts.words.w.has(word) ? "w" :
        evotts.words.v.has(word) ? "v" : "";
      spans.push(kind ? el("span." + kind, text) : text);
    }
    return spans;
  };

  evotts.code = (text) =>
    el("pre", { tabindex: "0" }, text.replace(/\n$/, "").split("\n").flatMap((line) => [...evotts.codeLine(line), "\n"]));

  // Which lines of two lists are in a longest common subsequence: [[" ", line], ["-", line], ["+", line], …].
  evotts.lineDiff = (a, b) => {
    const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; --i)
      for (let j = b.length - 1; j >= 0; --j)
        longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    const out = [];
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { out.push([" ", a[i]]); ++i; ++j; }
      else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) out.push(["-", a[i++]]);
      else out.push(["+", b[j++]]);
    }
    return out;
  };

  evotts.codeDiff = (before, after) =>
    el("pre", { tabindex: "0" }, evotts.lineDiff(before, after).flatMap(([sign, line]) =>
      [el("span" + (sign === "+" ? ".plus" : sign === "-" ? ".minus" : ""), sign + " ", evotts.codeLine(line)), "\n"]));
})();
