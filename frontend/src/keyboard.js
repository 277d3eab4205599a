// Keyboard first at the desk: / search, n register, j k move in a list, Enter opens, ? shows the keys.

let at = -1;

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form[data-save-key]");
      const save = form?.querySelector("button.btn-primary[type=submit]");
      if (save) return act(event, () => form.requestSubmit(save));
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") return act(event, () => document.getElementById("search")?.focus());
    if (event.key === "n") return act(event, () => document.querySelector("[data-key=n]")?.click());
    if (event.key === "?") return act(event, () => document.getElementById("keys")?.showModal());
    if (event.key === "j" || event.key === "k") return act(event, () => go(event.key === "j" ? 1 : -1));
  });
}

function typing(element) {
  return element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

function act(event, what) {
  event.preventDefault();
  what();
}

function go(by) {
  const rows = [...document.querySelectorAll("[data-rows] a[data-open]")];
  if (!rows.length) return;
  at = Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[at].focus();
}
