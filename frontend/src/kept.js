// What was typed and has not reached the server, on the disk of the machine: written through, so that it outlives a
// killed browser and a lost line, and sealed with a key that only the page of the same person brings with it.

const STORE = "kept";
const WEEK = 7 * 24 * 3600 * 1000;
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("fengqiao", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function inStore(mode, act) {
  const transaction = (await database()).transaction(STORE, mode, { durability: "strict" });
  const asked = act(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
  });
}

export class Kept {
  constructor(name, key) {
    this.name = name;
    this.key = key;
    // One after another: what was typed last is what stays.
    this.last = Promise.resolve();
  }

  // Without a safe context (plain http on a network) nothing can be sealed: then it is kept for the tab alone.
  get sealed() {
    return Boolean(this.key && window.crypto?.subtle && window.indexedDB);
  }

  async secret() {
    const bytes = Uint8Array.from(atob(this.key), (each) => each.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  async read() {
    if (!this.sealed) return JSON.parse(sessionStorage.getItem(this.name) || "null");
    const found = await inStore("readonly", (store) => store.get(this.name));
    if (!found) return null;
    try {
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await this.secret(), found.text);
      return JSON.parse(new TextDecoder().decode(open));
    } catch {
      // Of another key: nobody can read it any more.
      return null;
    }
  }

  write(record) {
    this.last = this.last.then(() => this.put(record)).catch(() => sessionStorage.setItem(this.name, JSON.stringify(record)));
    return this.last;
  }

  async put(record) {
    if (!this.sealed) return sessionStorage.setItem(this.name, JSON.stringify(record));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(record));
    const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.secret(), bytes);
    await inStore("readwrite", (store) => store.put({ iv, text, at: Date.now() }, this.name));
  }

  drop() {
    this.last = this.last.then(() => forget(this.name));
    return this.last;
  }
}

export async function forget(name) {
  sessionStorage.removeItem(name);
  if (window.indexedDB) await inStore("readwrite", (store) => store.delete(name));
}

// What nobody came back for within a week goes.
export async function sweep() {
  if (!window.indexedDB) return;
  await inStore("readwrite", (store) => {
    store.openCursor().onsuccess = ({ target }) => {
      const cursor = target.result;
      if (!cursor) return;
      if (cursor.value.at < Date.now() - WEEK) cursor.delete();
      cursor.continue();
    };
  });
}
