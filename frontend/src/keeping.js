// Notes that save themselves (data-keeps): what was typed and not yet saved outlives a crash of the page.

const ready = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll("form[data-keeps]")) {
    if (!ready.has(form)) keeps(form);
    ready.add(form);
  }
}

function keeps(form) {
  const key = `keeps:${form.dataset.keeps}`;
  const fields = [...form.querySelectorAll("textarea")];
  const typed = () => Object.fromEntries(fields.map((each) => [each.name, each.value]));
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if (kept) {
    // Typed on an older version than the page shows: the server tells, and nothing is written over.
    form.elements.namedItem("known").value = kept.known;
    for (const each of fields) each.value = kept[each.name] ?? each.value;
    setTimeout(() => form.requestSubmit(), 0);
  }
  const keep = () => {
    const known = form.elements.namedItem("known").value;
    sessionStorage.setItem(key, JSON.stringify({ ...typed(), known }));
  };
  form.addEventListener("input", keep);
  let sent = "";
  form.addEventListener("htmx:beforeRequest", () => (sent = JSON.stringify(typed())));
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.xhr.status < 300 && sent === JSON.stringify(typed())) sessionStorage.removeItem(key);
  });
  // No line: tried again until there is one.
  form.addEventListener("htmx:sendError", () => setTimeout(() => form.requestSubmit(), 5000));
}

// "I have seen theirs": the next save stands on the version that was shown.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-known-of]");
  if (!button) return;
  const known = document.getElementById(button.dataset.knownOf);
  known.value = button.dataset.known;
  known.form.requestSubmit();
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
