// The bell by itself: a stream of one's own notices. Without one it counts when a page is loaded, as it always did.

// Whoever leafs through pages needs no stream of each.
const SETTLED_MS = 1500;

export function start() {
  const bell = document.getElementById("bell");
  if (!bell?.dataset.live || !window.EventSource) return;
  let stream = null;
  let known = "";
  let waiting = 0;

  function open() {
    if (stream || document.hidden) return;
    const after = known ? `?after=${encodeURIComponent(known)}` : "";
    stream = new EventSource(bell.dataset.live + after, { withCredentials: true });
    stream.addEventListener("unread", (event) => {
      known = event.lastEventId || known;
      tell(bell, JSON.parse(event.data));
    });
    // Signed out: the next click says so.
    stream.addEventListener("over", close);
  }

  function close() {
    clearTimeout(waiting);
    stream?.close();
    stream = null;
  }

  // A window that nobody looks at holds no connection: browsers have few of them.
  document.addEventListener("visibilitychange", () => {
    close();
    if (!document.hidden) waiting = setTimeout(open, SETTLED_MS);
  });
  window.addEventListener("pagehide", close);
  waiting = setTimeout(open, SETTLED_MS);
}

function tell(bell, { unread, label, said }) {
  bell.setAttribute("aria-label", label);
  let number = bell.querySelector(".n");
  if (!unread) number?.remove();
  else {
    if (!number) {
      number = document.createElement("span");
      number.className = "n";
      bell.append(number);
    }
    number.textContent = unread;
  }
  if (!said) return;
  const heard = document.getElementById("heard");
  const way = document.createElement("a");
  way.href = bell.href;
  way.textContent = `${bell.dataset.new} · ${said}`;
  heard.replaceChildren(way);
}
