import "@tabler/core/dist/css/tabler.min.css";
import "./theme.css";
import "./print.css";
import htmx from "htmx.org";
import "./attention.js";
import "./keys.js";
import { start as startForms } from "./forms.js";
import { start as startKeeping } from "./keeping.js";
import { start as startKeyboard } from "./keyboard.js";
import { start as startTimes } from "./times.js";
import { start as startDialogs } from "./dialogs.js";
import { start as startSigning } from "./signing.js";
import { start as startLive } from "./live.js";

// Pages behind the walls are kept nowhere, and nothing is evaluated.
Object.assign(htmx.config, {
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
});
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
  // What a page asks by itself is no click: it must not keep a session alive that nobody sits at.
  if (!event.detail.triggeringEvent?.isTrusted) event.detail.headers["X-Unattended"] = "1";
});

// A form that came back with errors is an answer to show, not a failure to hide.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function start(root) {
  startForms(root);
  startKeeping(root);
  startTimes(root);
  startDialogs(root);
  startSigning(root);
}

startKeyboard();
document.addEventListener("DOMContentLoaded", () => {
  start(document);
  startLive();
});
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
