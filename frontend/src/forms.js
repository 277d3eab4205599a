// Forms: one submission a click, rows that can be added, fields that depend on others, drafts that survive.

const ready = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll("form")) {
    if (ready.has(form)) continue;
    ready.add(form);
    guardSubmit(form);
    if (form.dataset.draft) keepDraft(form);
    dependFields(form);
    form.addEventListener("change", () => dependFields(form));
  }
  for (const button of root.querySelectorAll("[data-add-row]")) addsRows(button);
  for (const chooser of root.querySelectorAll("input[type=file][data-max-bytes]")) listsFiles(chooser);
  for (const select of root.querySelectorAll("select[data-submit-on-change]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
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
function dependFields(form) {
  for (const part of form.querySelectorAll("[data-show-when]")) {
    const [name, values] = part.dataset.showWhen.split("=");
    const row = part.closest("[data-row]") || form;
    const field = [...row.querySelectorAll("[name]")].find((each) => each.name === name || each.name.endsWith(`-${name}`));
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
    document.getElementById(`${prefix}-rows`).append(row);
    dependFields(row.closest("form"));
    if (window.htmx) window.htmx.process(row);
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  });
}
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

// What was typed outlives a lost session or a failed save; it leaves with a successful one. Passwords, identity
// numbers, phones and addresses are never kept (data-private).
function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`;
  if (form.dataset.draftDone === "1") sessionStorage.removeItem(key);
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if (kept && !form.querySelector(".is-invalid")) {
    for (const [name, value] of Object.entries(kept)) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field && !field.value && field.type !== "file" && field.type !== "hidden") field.value = value;
    }
  }
  form.addEventListener("input", () => {
    const typed = {};
    for (const field of form.elements) {
      if (!field.name || ["hidden", "file", "password", "checkbox", "radio"].includes(field.type)) continue;
      if (field.dataset.private !== undefined || !field.value) continue;
      typed[field.name] = field.value;
    }
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
}
document.addEventListener("DOMContentLoaded", () => {
  for (const done of document.querySelectorAll("[data-draft-done]")) sessionStorage.removeItem(`draft:${done.dataset.draftDone}`);
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
