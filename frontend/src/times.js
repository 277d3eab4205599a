// <time data-since="…">: minutes since a moment, counted up while one looks.

export function start(root) {
  for (const mark of root.querySelectorAll("time[data-since]")) tick(mark);
}

function tick(mark) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(mark.dataset.since)) / 60000));
  const unit = mark.dataset.unit || "min";
  mark.textContent = minutes < 600 ? `${minutes} ${unit}` : mark.textContent;
}

setInterval(() => document.querySelectorAll("time[data-since]").forEach(tick), 20000);
