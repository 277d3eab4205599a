// Native dialogs: opened by data-dialog="id"; one that htmx brings opens itself; copy buttons.

export function start(root) {
  for (const dialog of root.querySelectorAll("dialog[data-open-now]")) if (!dialog.open) dialog.showModal();
  if (root.matches?.("dialog[data-open-now]") && !root.open) root.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) closer.closest("dialog")?.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard?.writeText(copier.dataset.copy);
    copier.classList.add("is-copied");
    setTimeout(() => copier.classList.remove("is-copied"), 1200);
  }
  const drawer = event.target.closest("[data-drawer]");
  if (drawer) document.body.classList.toggle("drawer-open");
});
