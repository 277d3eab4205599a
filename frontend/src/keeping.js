// Forms that save themselves (data-keeps): what was typed and has not reached the server outlives a crash; where two
// write in one form, each is told what the other changed, and nothing is written over.

import { addRowsUpTo, dependFields } from "./forms.js";
import { Kept, forget, sweep } from "./kept.js";

const ready = new WeakSet();
const EVERY = 10000;

export async function start(root) {
  for (const done of root.querySelectorAll("[data-keeps-done]")) await forgetSent(done.dataset.keepsDone);
  for (const form of root.querySelectorAll("form[data-keeps]")) {
    if (!ready.has(form)) keeps(form);
    ready.add(form);
  }
}

document.addEventListener("DOMContentLoaded", () => sweep().catch(() => {}));

// A form that was taken and led to this page: what was sent with it is not needed any more.
async function forgetSent(name) {
  if (sessionStorage.getItem(`sent:${name}`)) await forget(name);
  sessionStorage.removeItem(`sent:${name}`);
}

async function keeps(form) {
  const kept = new Kept(form.dataset.keeps, form.dataset.keepKey);
  const named = (name) => form.elements.namedItem(name);
  // Cells that were typed in since the last save that arrived, and what of them is on its way.
  const touched = new Set();
  let sent = {};
  let knownThen = "";
  // Two changed the same: nothing is sent before somebody has looked.
  let held = false;
  let waiting;

  const save = () => window.htmx.trigger(form, "keep");
  const write = () => {
    const cells = Object.fromEntries([...touched].map((cell) => [cell, valueOf(fieldOf(form, cell))]));
    return touched.size ? kept.write({ cells, known: named("known").value }) : kept.drop();
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 200);
  };
  const touch = (field) => {
    touched.add(cellOf(field));
    sessionStorage.removeItem(`sent:${form.dataset.keeps}`);
    soon();
  };

  form.addEventListener("input", ({ target }) => target.name && touch(target));
  form.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-remove-row]")?.closest("[data-row]");
    // The mark of the row is set after this.
    if (row) setTimeout(() => (touch(row.querySelector("[name$=-DELETE]")), save()), 0);
    const theirs = target.closest("[data-takes]");
    if (theirs) {
      fill(form, JSON.parse(theirs.dataset.takes), new Set());
      theirs.disabled = true;
      soon();
    }
    // "I have seen theirs": the next save stands on the version that was shown.
    const seen = target.closest("[data-known-of]");
    if (seen) {
      for (const cell of JSON.parse(seen.dataset.touches || "[]")) touched.add(cell);
      named("known").value = seen.dataset.known;
      held = false;
      save();
    }
    if (target.closest("[data-takes-down]")) sessionStorage.setItem(`sent:${form.dataset.keeps}`, "1");
  });

  form.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "get") return;
    if (held && event.detail.elt === form) return event.preventDefault();
    event.detail.parameters.touched = [...touched].join(",");
    sent = Object.fromEntries([...touched].map((cell) => [cell, valueOf(fieldOf(form, cell))]));
    knownThen = named("known").value;
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    // What was typed while a look was on its way stands on the older version still.
    if (event.detail.requestConfig.verb === "get" && touched.size) event.detail.shouldSwap = false;
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.verb === "get") return;
    held = detail.xhr.status === 409 && Boolean(form.querySelector("[data-known-of]"));
    // Only who has it says so: a page that came instead (a session that ended) does not.
    if (!detail.xhr.getResponseHeader("X-Kept")) return;
    for (const [cell, value] of Object.entries(sent)) {
      if (valueOf(fieldOf(form, cell)) === value) touched.delete(cell);
    }
    write();
  });
  form.addEventListener("htmx:afterSwap", () => {
    const over = form.querySelector("[data-takes-over]");
    if (!over) return;
    const clash = fill(form, JSON.parse(over.dataset.takesOver), touched);
    over.remove();
    // Typed in the meantime: the next save is told of theirs.
    if (clash) named("known").value = knownThen;
  });
  // No line, or nobody behind it: tried again until there is.
  const again = () => setTimeout(save, 5000);
  form.addEventListener("htmx:sendError", again);
  form.addEventListener("htmx:responseError", ({ detail }) => detail.xhr.status >= 500 && again());

  const record = await kept.read().catch(() => null);
  if (record) {
    // Typed on an older version than the page shows: the server tells, and nothing is written over.
    fill(form, Object.entries(record.cells), new Set());
    for (const cell of Object.keys(record.cells)) touched.add(cell);
    named("known").value = record.known;
    save();
  }
  const look = form.querySelector("[data-looks]");
  if (look) looksAround(form, look, () => !touched.size && !held);
}

// What others write in the same form comes here while one does not type.
function looksAround(form, look, free) {
  const timer = setInterval(() => {
    if (!form.isConnected) return clearInterval(timer);
    if (!document.hidden && free()) window.htmx.trigger(look, "look");
  }, EVERY);
}

// A cell is a field, or the field of a row that keeps its key while others come and go.
function cellOf(field) {
  const key = field.closest("[data-row]")?.querySelector("[name$='-key']");
  if (!key) return field.name;
  key.value ||= Math.random().toString(36).slice(2, 10);
  return `${key.value}.${field.name.replace(/^\w+-\d+-/, "").replace("DELETE", "gone")}`;
}

function fieldOf(form, cell) {
  const [key, name] = cell.split(".");
  if (!name) return form.elements.namedItem(cell);
  const row = rowOf(form, key);
  return row?.querySelector(`[name$="-${name === "gone" ? "DELETE" : name}"]`);
}

function rowOf(form, key) {
  const found = [...form.querySelectorAll("[data-row] [name$='-key']")].find((each) => each.value === key);
  return found?.closest("[data-row]");
}

const valueOf = (field) => (field?.type === "checkbox" ? (field.checked ? "on" : "") : (field?.value ?? ""));

// Fills cells in, but for those that are being typed in (``but``): says whether there was such a one.
function fill(form, cells, but) {
  const focused = document.activeElement;
  let clash = false;
  for (const [cell, value] of cells) {
    if (but.has(cell)) {
      clash = true;
      continue;
    }
    const [key, name] = cell.split(".");
    if (name && !rowOf(form, key)) addRow(form, key);
    const field = fieldOf(form, cell);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = Boolean(value);
    else field.value = value;
    if (name === "gone") field.closest("[data-row]").hidden = Boolean(value);
  }
  dependFields(form);
  if (document.activeElement !== focused) focused?.focus();
  return clash;
}

function addRow(form, key) {
  const button = form.querySelector("[data-add-row]");
  const total = button && document.getElementById(`id_${button.dataset.addRow}-TOTAL_FORMS`);
  if (!total) return;
  addRowsUpTo(button.dataset.addRow, Number(total.value));
  const rows = form.querySelectorAll("[data-row]");
  rows[rows.length - 1].querySelector("[name$='-key']").value = key;
}

// Words of another field of the page, taken over into this one (data-copies).
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const into = document.getElementById(button.dataset.into);
  const words = document.getElementById(button.dataset.copies).value.trim();
  if (!words || into.value.includes(words)) return;
  into.value = into.value.trim() ? `${into.value.trim()}\n${words}` : words;
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
});

// Back from the draft: on a phone it is the pane that is shown.
document.addEventListener("DOMContentLoaded", () => {
  if (location.hash === "#draft") document.getElementById("pane-draft")?.click();
});

// "Who speaks now" (data-says): a new line with the time and the name, where one goes on writing.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-says]");
  if (button) says(button);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
  const button = document.querySelectorAll("[data-says]")[Number(event.code.slice(5)) - 1];
  if (!button) return;
  event.preventDefault();
  says(button);
});

function says(button) {
  const into = document.getElementById(button.dataset.into);
  const now = new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  // Named by mistake and nothing written yet: the name is changed, no line is added.
  const before = into.value.replace(/\n?[0-9]{2}:[0-9]{2} [^\n]*：$/, "");
  into.value = `${before}${before && !before.endsWith("\n") ? "\n" : ""}${now} ${button.dataset.says}：`;
  for (const each of document.querySelectorAll("[data-says]")) each.classList.toggle("on", each === button);
  into.focus();
  into.setSelectionRange(into.value.length, into.value.length);
  into.scrollTop = into.scrollHeight;
  into.dispatchEvent(new Event("input", { bubbles: true }));
}
