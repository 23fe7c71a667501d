"use strict";
// Texts of the corpus become text nodes and nothing else. Characters that cannot be seen come as
// names between \x01 and \x02, which no text holds otherwise.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [ROW, CODE, KIND, PLACE, DETAIL, LEAD, BEFORE, AFTER, TRAIL] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const PAGE = 25, OF_RULE = 10;
  const VERDICTS = ["right", "wrong", "unsure"];
  const at = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en");
  const verdicts = new Map();

  const make = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const text = (name, value, attributes) => {
    const made = make(name, attributes);
    value.split("\x01").forEach((part, i) => {
      const end = i ? part.indexOf("\x02") : -1;
      if (i) made.append(make("b", { class: "c" }, part.slice(0, end)));
      made.append(part.slice(end + 1));
    });
    return made;
  };

  const plain = (value) => value.replace(/\x01(.*?)\x02/g, "[$1]");

  // ---- tables
  for (const table of document.querySelectorAll("table.sortable")) {
    table.tHead.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const head = button.closest("th"), column = Number(button.dataset.column);
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => {
        const cell = row.cells[column];
        return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
      };
      for (const body of table.tBodies) {
        const rows = [...body.rows].filter((row) => !row.classList.contains("family"));
        rows.sort((a, b) => {
          const [one, two] = [value(a), value(b)];
          const order = typeof one === "number" ? one - two : one < two ? -1 : Number(one > two);
          return down ? -order : order;
        });
        body.append(...rows);
      }
    });
  }

  // ---- one edit
  const shown = (row) => {
    const said = make("p", { class: "said", dir: "auto" });
    said.append(text("span", row[LEAD], { class: "around" }));
    if (row[BEFORE]) said.append(text("del", row[BEFORE]));
    if (row[AFTER]) said.append(text("ins", row[AFTER]));
    if (row[KIND] === "note") said.append(make("ins", { title: "the place of the note" }, "▸"));
    said.append(text("span", row[TRAIL], { class: "around" }));
    const where = make("div", { class: "where f-" + row[CODE].slice(0, 3) },
      make("code", {}, row[CODE]), (data.rules[row[CODE]] || [""])[0], text("bdi", row[PLACE]));
    const kind = { note: "noted, unchanged", removed: "whole record removed" }[row[KIND]];
    if (kind) where.append(make("span", {}, kind));
    if (row[DETAIL]) where.append(text("bdi", row[DETAIL]));
    return [where, ...(row[LEAD] || row[BEFORE] || row[AFTER] || row[TRAIL] ? [said] : [])];
  };

  const judgeRow = (row, verdict) => {
    if (verdicts.get(row) === verdict) verdicts.delete(row);
    else verdicts.set(row, verdict);
    tell();
  };

  // ---- browser
  let found = data.rows, first = 0;
  const searched = new Map();
  const haystack = (row) => {
    if (!searched.has(row)) searched.set(row, row.slice(PLACE).join(" ").toLowerCase());
    return searched.get(row);
  };

  const list = () => {
    const items = found.slice(first, first + PAGE).map((row) => {
      const item = make("li", {}, ...shown(row));
      const buttons = make("span", { class: "verdict" });
      for (const verdict of VERDICTS) {
        const button = make("button", {
          type: "button", "aria-pressed": String(verdicts.get(row) === verdict),
          "aria-label": `judge this edit ${verdict}`,
        }, verdict);
        button.addEventListener("click", () => {
          judgeRow(row, verdict);
          for (const one of buttons.children) {
            one.setAttribute("aria-pressed", String(verdicts.get(row) === one.textContent));
          }
        });
        buttons.append(button);
      }
      item.querySelector(".where").append(buttons);
      return item;
    });
    at("list").replaceChildren(...items);
    at("found").value = `${number(found.length)} found`;
    const end = Math.min(first + PAGE, found.length);
    at("page").textContent = found.length ? `${first + 1} to ${end} of ${number(found.length)}` : "";
    at("back").disabled = first === 0;
    at("next").disabled = end >= found.length;
  };

  const filter = () => {
    const code = at("rule").value, words = at("words").value.toLowerCase();
    found = data.rows.filter((row) =>
      (!code || row[CODE] === code) && (!words || haystack(row).includes(words)));
    first = 0;
    const rule = data.rules[code];
    const here = code ? data.rows.filter((row) => row[CODE] === code).length : 0;
    at("about").textContent = rule
      ? `${code} ${rule[0]}: ${rule[1]}. ${number(here)} of ${number(rule[2])} are on this page.` : "";
    list();
  };

  at("rule").addEventListener("change", filter);
  at("words").addEventListener("input", filter);
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  const turn = (by) => {
    first = Math.max(0, first + by);
    list();
    at("edits").scrollIntoView();
  };
  at("back").addEventListener("click", () => turn(-PAGE));
  at("next").addEventListener("click", () => turn(PAGE));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-rule]");
    if (!link) return;
    at("rule").value = link.dataset.rule;
    at("words").value = "";
    filter();
  });

  // ---- judging
  let queue = [], current = 0;
  const byRule = new Map();
  for (const row of data.rows) {
    if (!byRule.has(row[CODE])) byRule.set(row[CODE], []);
    byRule.get(row[CODE]).push(row);
  }

  const spread = (rows) => {
    const many = Math.min(OF_RULE, rows.length);
    return Array.from({ length: many }, (_, i) => rows[Math.floor((i * rows.length) / many)]);
  };

  const refill = () => {
    const code = at("judge-rule").value;
    if (code) queue = byRule.get(code) || [];
    else {
      const chosen = [...byRule.keys()].sort().map((one) => spread(byRule.get(one)));
      queue = [];
      for (let i = 0; i < OF_RULE; i++) for (const one of chosen) if (i < one.length) queue.push(one[i]);
    }
    current = 0;
    show();
  };

  const show = () => {
    if (!at("sample")) return;
    const row = queue[current];
    at("sample").replaceChildren(
      make("div", { class: "where" }, `${current + 1} of ${queue.length}`), ...(row ? shown(row) : []));
    for (const button of at("judge").querySelectorAll("[data-verdict]")) {
      button.setAttribute("aria-pressed", String(verdicts.get(row) === button.dataset.verdict));
    }
    at("judge-back").disabled = current === 0;
    at("judge-next").disabled = current >= queue.length - 1;
  };

  const go = (by) => {
    current = Math.min(queue.length - 1, Math.max(0, current + by));
    show();
  };

  const decide = (verdict) => {
    if (!queue.length) return;
    verdicts.set(queue[current], verdict);
    tell();
    go(1);
    list();
  };

  const counted = () => {
    const counts = {};
    for (const [row, verdict] of verdicts) {
      counts[row[CODE]] = counts[row[CODE]] || { right: 0, wrong: 0, unsure: 0 };
      counts[row[CODE]][verdict] += 1;
    }
    return counts;
  };

  const tell = () => {
    if (!at("judged")) return;
    const counts = counted();
    at("judged").value = `${verdicts.size} judged`;
    at("save").disabled = verdicts.size === 0;
    const rows = Object.keys(counts).sort().map((code) => make("tr", {},
      make("th", { scope: "row" }, code, " ", (data.rules[code] || [""])[0]),
      ...VERDICTS.map((verdict) => make("td", {}, String(counts[code][verdict])))));
    const heads = ["rule", ...VERDICTS].map((name) => make("th", { scope: "col" }, name));
    at("verdicts").replaceChildren(
      ...(rows.length ? [make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)] : []));
    show();
  };

  const exported = () => ({
    tool: "cleaner", version: data.version, run: plain(data.run), by_rule: counted(),
    judged: [...verdicts].map(([row, verdict]) => ({
      row: row[ROW], rule: row[CODE], kind: row[KIND], place: plain(row[PLACE]),
      detail: plain(row[DETAIL]), before: plain(row[BEFORE]), after: plain(row[AFTER]), verdict,
    })),
  });

  if (at("sample")) {
    const codes = [...byRule.keys()].sort();
    at("judge-rule").append(make("option", { value: "" }, "all rules"),
      ...codes.map((code) => make("option", { value: code }, `${code} ${(data.rules[code] || [""])[0]}`)));
    at("judge-rule").addEventListener("change", refill);
    at("judge-back").addEventListener("click", () => go(-1));
    at("judge-next").addEventListener("click", () => go(1));
    for (const button of at("judge").querySelectorAll("[data-verdict]")) {
      button.addEventListener("click", () => decide(button.dataset.verdict));
    }
    at("sample").addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const key = event.key.toLowerCase();
      const verdict = VERDICTS.find((one) => one[0] === key);
      if (verdict) decide(verdict);
      else if (key === "arrowright") go(1);
      else if (key === "arrowleft") go(-1);
      else return;
      event.preventDefault();
    });
    at("save").addEventListener("click", () => {
      const blob = new Blob([JSON.stringify(exported(), null, 2)], { type: "application/json" });
      const link = make("a", { href: URL.createObjectURL(blob), download: "verdicts.json" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
  filter();
  refill();
  tell();
  document.documentElement.dataset.ready = "yes";
})();
