"use strict";
// Filters and sorts tables that are all there without it. Nothing is loaded, stored or sent.
(() => {
  const vietnamese = new Intl.Collator("vi", { numeric: true });
  const figures = new Intl.NumberFormat(document.documentElement.lang);
  const texts = new WeakMap();

  const fold = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();

  // A machine is a body of its own: its line and what opens below it stay together.
  const items = (table) =>
    table.classList.contains("grouped") ? [...table.tBodies] : [...table.tBodies[0].rows];

  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, fold(item.textContent));
    return texts.get(item);
  };

  const statusOf = (table) => document.querySelector(`.status[data-of="${table.id}"]`);

  const say = (status, pattern, values) => {
    if (status) status.textContent = pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  const fits = (data, wanted) =>
    (!wanted.result || data.result === wanted.result) && (!wanted.severity || data.severity === wanted.severity);

  // One finding must have both the result and the severity; the others of the machine are hidden.
  const findingsFit = (item, wanted) => {
    const findings = [...item.querySelectorAll(".findings > li")];
    for (const one of findings) one.hidden = !fits(one.dataset, wanted);
    return findings.some((one) => !one.hidden);
  };

  const itemFits = (table, item, wanted) => {
    const details = table.classList.contains("grouped");
    const judged = !details || findingsFit(item, wanted) || (!wanted.result && !wanted.severity);
    return (
      judged &&
      (details || fits(item.dataset, wanted)) &&
      (!wanted.unit || item.dataset.unit === wanted.unit) &&
      wanted.words.every((word) => textOf(item).includes(word))
    );
  };

  const apply = (form, table) => {
    const given = Object.fromEntries(new FormData(form));
    const wanted = { ...given, words: fold(given.text || "").split(" ").filter(Boolean) };
    const all = items(table);
    let shown = 0;
    for (const item of all) {
      const fit = itemFits(table, item, wanted);
      item.hidden = !fit;
      shown += fit;
    }
    const status = statusOf(table);
    say(status, status.dataset.shown, { shown: figures.format(shown), total: figures.format(all.length) });
  };

  const filterable = (form) => {
    const table = document.getElementById(form.dataset.for);
    let waiting;
    const later = (delay) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => apply(form, table), delay);
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => later(120));
    form.addEventListener("reset", () => later(0));
    const opener = form.querySelector(".open-all");
    if (opener) opener.addEventListener("click", () => openAll(opener, table));
    form.hidden = false;
  };

  const openAll = (opener, table) => {
    const open = opener.getAttribute("aria-pressed") !== "true";
    opener.setAttribute("aria-pressed", open);
    for (const one of table.querySelectorAll("details")) one.open = open;
  };

  const keyOf = (item, column) => {
    const row = item.rows ? item.rows[0] : item;
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  const compared = (one, other, numeric) =>
    numeric ? Number(one) - Number(other) : vietnamese.compare(one, other);

  const sort = (table, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    const numeric = head.classList.contains("number") || "numeric" in head.dataset;
    const keyed = items(table).map((item) => [keyOf(item, head.cellIndex), item]);
    // What has no value stands last, whichever way the others stand.
    keyed.sort(([one], [other]) => {
      const empty = (one === "" || one === "–") - (other === "" || other === "–");
      return empty || (down ? -1 : 1) * compared(one, other, numeric);
    });
    const home = table.classList.contains("grouped") ? table : table.tBodies[0];
    home.append(...keyed.map(([, item]) => item));
    for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const status = statusOf(table);
    const order = status && (down ? status.dataset.down : status.dataset.up);
    say(status, status ? status.dataset.sorted : "", { column: head.textContent.trim(), order });
  };

  const sortable = (table) => {
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  };

  // For browsers whose style cannot open them on paper.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll("form.filter").forEach(filterable);
})();
