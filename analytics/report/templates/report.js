"use strict";
// Tables sort by their headings, and long ones can be filtered.  Without scripts they stay as made.
(() => {
  const LONG = 12; // rows from which a table can be filtered
  const FEW = 3; // rows from which it can be sorted

  // The first number of a cell: of "−$1,234.50", "17.8–22.4 %", "from 20 days"; none of "—".
  const number = (text) => {
    const found = text.replace(/[\u2212$,]/g, (sign) => (sign === "\u2212" ? "-" : "")).match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };

  const key = (cell, isNumber) => {
    const text = cell.textContent.trim();
    if (isNumber) return number(text);
    const day = cell.querySelector("time");
    return day ? day.dateTime : text === "\u2014" ? null : text;
  };

  // What is not known stands last, whichever way the rest goes; equals keep the order of the report.
  const compare = (a, b, way) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
    return way === "descending" ? -order : order;
  };

  const sort = (table, body, rows, index) => {
    const heads = [...table.tHead.rows[0].cells];
    const isNumber = heads[index].classList.contains("num");
    const ways = isNumber ? ["descending", "ascending", null] : ["ascending", "descending", null];
    const way = ways[(ways.indexOf(heads[index].getAttribute("aria-sort")) + 1) % ways.length];
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    if (way) heads[index].setAttribute("aria-sort", way);
    const keys = new Map(rows.map((row) => [row, key(row.cells[index], isNumber)]));
    const sorted = way ? [...rows].sort((a, b) => compare(keys.get(a), keys.get(b), way)) : rows;
    body.append(...sorted);
  };

  const sortable = (table, body, rows) => {
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      if (head.classList.contains("bar")) return; // a drawing of the value beside it
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, body, rows, index));
      head.append(button);
    });
  };

  const plain = (text) => text.replace(/\s+/g, " ").toLowerCase();

  const filterable = (box, table, rows) => {
    const bar = document.createElement("div");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const status = document.createElement("span");
    bar.className = "filter";
    input.type = "search";
    input.setAttribute("aria-label", `Filter: ${table.caption.textContent}`);
    status.setAttribute("role", "status");
    label.append("Filter ", input);
    bar.append(label, status);
    box.before(bar);
    const texts = rows.map((row) => plain([...row.cells].map((cell) => cell.textContent).join(" ")));
    input.addEventListener("input", () => {
      const words = plain(input.value).split(" ").filter(Boolean);
      rows.forEach((row, i) => (row.hidden = !words.every((word) => texts[i].includes(word))));
      const shown = rows.filter((row) => !row.hidden).length;
      status.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
  };

  for (const box of document.querySelectorAll(".table > .scroll")) {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length >= FEW) sortable(table, body, rows);
    if (rows.length >= LONG) filterable(box, table, rows);
  }
})();
