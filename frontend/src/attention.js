// After a failed save the first wrong field comes into sight and gets the focus.
document.addEventListener("DOMContentLoaded", () => {
  const wrong = document.querySelector(".is-invalid, [aria-invalid=true]");
  if (!wrong) return;
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
});
