// Security keys: the ceremony is allauth's script; what goes wrong in it is said on the page, not in the console.
// A page that asks for a key loads that script before this one.
for (const button of document.querySelectorAll("[data-key-form]")) {
  const kind = button.dataset.keyForm;
  const ids = { [kind]: button.id, credential: button.dataset.keyCredential, data: "key-data" };
  window.allauth.webauthn.forms[`${kind}Form`]({ ids });
}

const UNKNOWN = new Set(["SecurityError", "NotSupportedError", "TypeError"]);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const unknown = UNKNOWN.has(event.detail.exception?.name);
  for (const [name, shown] of [["key-trouble", !unknown], ["key-unknown", unknown]]) {
    for (const each of document.querySelectorAll(`[data-${name}]`)) each.hidden = !shown;
  }
});
