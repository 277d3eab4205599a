// Forms: one submission a click, rows that can be added, fields that depend on others, drafts that survive.

const ready = new WeakSet();

export function start(root) {
  for (const button of root.querySelectorAll("[data-add-row]")) addsRows(button);
  for (const form of root.querySelectorAll("form")) {
    if (ready.has(form)) continue;
    ready.add(form);
    guardSubmit(form);
    if (form.dataset.draft) keepDraft(form);
    dependFields(form);
    form.addEventListener("change", () => dependFields(form));
  }
  for (const box of root.querySelectorAll("[data-check-all]")) checksAll(box);
  for (const chooser of root.querySelectorAll("input[type=file][data-max-bytes]")) listsFiles(chooser);
  for (const select of root.querySelectorAll("select[data-submit-on-change]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
}

// <input type=checkbox data-check-all="bulk">: all boxes of the form with this id, wherever they stand.
function checksAll(box) {
  const form = document.getElementById(box.dataset.checkAll);
  const all = () => [...form.elements].filter((each) => each.type === "checkbox");
  box.addEventListener("change", () => all().forEach((each) => (each.checked = box.checked)));
  form.addEventListener("change", () => (box.checked = all().every((each) => each.checked)));
}

// A double click must not do a thing twice; the server refuses the repeat too.
function guardSubmit(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "1") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) {
      button.classList.add("is-working");
      button.setAttribute("aria-busy", "true");
    }
    setTimeout(() => released(form), 15000);
  });
  form.addEventListener("htmx:afterRequest", () => released(form));
}

function released(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".is-working")) {
    button.classList.remove("is-working");
    button.removeAttribute("aria-busy");
  }
}
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(released));

// data-show-when="name=value|value": shown only while the field of that name in the same row has such a value.
export function dependFields(form) {
  for (const part of form.querySelectorAll("[data-show-when]")) {
    const [name, values] = part.dataset.showWhen.split("=");
    const row = part.closest("[data-row]") || form;
    const fields = [...row.querySelectorAll("[name]")].filter((each) => each.name === name || each.name.endsWith(`-${name}`));
    // Of radio buttons the chosen one; all of them bear the name.
    const field = fields.find((each) => each.type !== "radio" || each.checked);
    const value = field ? (field.type === "checkbox" ? String(field.checked) : field.value) : "";
    part.hidden = !values.split("|").includes(value);
  }
}

// <button data-add-row="parties">: copies <template id="parties-row"> into #parties-rows, counting Django's TOTAL_FORMS.
function addsRows(button) {
  if (button.dataset.ready) return;
  button.dataset.ready = "1";
  button.addEventListener("click", () => {
    const prefix = button.dataset.addRow;
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const most = Number(button.dataset.most || 50);
    if (Number(total.value) >= most) return;
    const template = document.getElementById(`${prefix}-row`);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    const row = holder.firstElementChild;
    const rows = document.getElementById(`${prefix}-rows`);
    copyFrom([...rows.querySelectorAll("[data-row]:not([hidden])")].pop(), row, button.dataset.copied);
    rows.append(row);
    dependFields(row.closest("form"));
    if (window.htmx) window.htmx.process(row);
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  });
}
// data-copied="kind due": the new row begins with what the last one says there.
function copyFrom(last, row, names) {
  for (const name of last && names ? names.split(" ") : []) {
    row.querySelector(`[name$="-${name}"]`).value = last.querySelector(`[name$="-${name}"]`).value;
  }
}

// <button data-row-each='["…"]' data-each="creditor" data-adds="terms">: a row for each of these that has none yet.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-row-each]");
  if (!button) return;
  const { each, adds } = button.dataset;
  const fields = () => [...document.querySelectorAll(`#${adds}-rows [data-row]:not([hidden]) [name$="-${each}"]`)];
  for (const value of JSON.parse(button.dataset.rowEach)) {
    if (fields().some((field) => field.value === value)) continue;
    document.querySelector(`[data-add-row="${adds}"]`).click();
    const field = fields().pop();
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// <button data-check-these>: all boxes of the field it stands in, or none where all are ticked.
document.addEventListener("click", ({ target }) => {
  const boxes = [...(target.closest("[data-check-these]")?.closest(".f").querySelectorAll("input[type=checkbox]") ?? [])];
  const ticked = boxes.every((each) => each.checked);
  for (const box of boxes) box.checked = !ticked;
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-row]");
  if (!button) return;
  const row = button.closest("[data-row]");
  const mark = row.querySelector("[name$=-DELETE]");
  if (mark) {
    mark.checked = true;
    mark.value = "on";
  }
  row.hidden = true;
});

// What was typed outlives a lost session or a failed save: it is kept in the tab's own storage until a save has led to
// the next page (data-draft-done). Files and what is private (passwords; identity numbers, phones, addresses:
// data-private) are never kept.
function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`;
  sessionStorage.removeItem(`${key}:sent`);
  const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
  // A form that came back with errors holds what was typed already.
  if (Object.keys(kept).length && !form.querySelector(".is-invalid, .alert.error")) restoreDraft(form, kept);
  form.addEventListener("input", ({ target }) => {
    if (!isKept(target)) return;
    kept[target.name] = target.type === "checkbox" ? target.checked : target.value;
    sessionStorage.setItem(key, JSON.stringify(kept));
  });
  form.addEventListener("submit", () => sessionStorage.setItem(`${key}:sent`, "1"));
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    window.location.assign(window.location.pathname);
  });
}

function isKept(field) {
  const never = ["hidden", "file", "password", "radio"].includes(field.type) || field.dataset?.private !== undefined;
  return field.name && !never && !field.closest("[data-draft-never]");
}

function restoreDraft(form, kept) {
  for (const [name, value] of Object.entries(kept)) {
    const [, list, place] = name.match(/^(\w+)-(\d+)-/) || [];
    if (list) addRowsUpTo(list, Number(place));
    const field = form.elements.namedItem(name);
    if (field?.type === "checkbox") field.checked = value;
    else if (field && isKept(field)) restoreValue(field, value);
  }
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
}

function restoreValue(field, value) {
  field.value = value;
  // What is offered depends on another field (the grids of a village) and comes a moment later.
  if (field.value !== value) field.addEventListener("htmx:afterSwap", () => (field.value = value), { once: true });
  if (field.tagName === "SELECT") field.dispatchEvent(new Event("change", { bubbles: true }));
}

export function addRowsUpTo(list, place) {
  const total = document.getElementById(`id_${list}-TOTAL_FORMS`);
  const button = document.querySelector(`[data-add-row="${list}"]`);
  for (let left = place + 1 - Number(total?.value); button && left > 0; left -= 1) button.click();
}

document.addEventListener("DOMContentLoaded", () => {
  for (const done of document.querySelectorAll("[data-draft-done]")) {
    const key = `draft:${done.dataset.draftDone}`;
    if (!sessionStorage.getItem(`${key}:sent`)) continue;
    sessionStorage.removeItem(key);
    sessionStorage.removeItem(`${key}:sent`);
  }
});

function listsFiles(chooser) {
  if (chooser.dataset.ready) return;
  chooser.dataset.ready = "1";
  const list = document.createElement("ul");
  list.className = "chosen-files";
  chooser.after(list);
  chooser.addEventListener("change", () => {
    list.replaceChildren();
    const most = Number(chooser.dataset.maxBytes);
    let tooLarge = false;
    for (const file of chooser.files) {
      const line = document.createElement("li");
      line.textContent = `${file.name} · ${(file.size / 1024 / 1024).toFixed(1)} MB`;
      if (file.size > most) {
        tooLarge = true;
        line.className = "text-danger";
        line.textContent += ` — ${chooser.dataset.tooLarge || "too large"}`;
      }
      list.append(line);
    }
    chooser.setCustomValidity(tooLarge ? chooser.dataset.tooLarge || "too large" : "");
  });
}
