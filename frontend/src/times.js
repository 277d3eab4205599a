// <time data-since="…">: minutes since a moment, counted up while one looks.

// data-refresh-seconds: htmx fetches the part anew (its trigger is "refresh"), unless somebody is typing in it.
setInterval(() => {
  for (const part of document.querySelectorAll("[data-refresh-seconds]")) {
    const age = Number(part.dataset.age || 0) + 5;
    part.dataset.age = age;
    const busy = part.contains(document.activeElement) || [...part.querySelectorAll("input")].some((each) => each.value && each.type !== "hidden");
    if (age >= Number(part.dataset.refreshSeconds) && !busy && !document.hidden) part.dispatchEvent(new Event("refresh"));
  }
}, 5000);

export function start(root) {
  for (const mark of root.querySelectorAll("time[data-since]")) tick(mark);
}

function tick(mark) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(mark.dataset.since)) / 60000));
  const unit = mark.dataset.unit || "min";
  mark.textContent = minutes < 600 ? `${minutes} ${unit}` : mark.textContent;
}

setInterval(() => document.querySelectorAll("time[data-since]").forEach(tick), 20000);
