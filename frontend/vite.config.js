import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// The icons that the pages use, from Tabler's outline set: one sprite, no icon font.
const ICONS = [
  "alert-triangle", "archive", "arrow-back-up", "arrow-right", "bell", "building", "building-community",
  "calendar-due", "check", "chevron-down", "chevron-right", "circle-check", "clock", "copy", "download", "edit",
  "eye", "eye-check", "eye-off", "file", "file-check", "file-description", "filter", "flag", "gavel",
  "heart-handshake", "history", "home-check", "id", "inbox", "info-circle", "key", "language", "link",
  "list-details", "lock", "logout", "map", "map-pin", "menu-2", "message", "paperclip", "phone", "plus",
  "printer", "refresh", "route", "scale", "search", "send", "shield-check", "shield-x", "speakerphone",
  "switch-horizontal", "trash", "upload", "user", "users", "users-group", "wave-sine", "x",
];

function sprite() {
  return {
    name: "icon-sprite",
    generateBundle() {
      const symbols = ICONS.map((name) => {
        const path = fileURLToPath(new URL(`node_modules/@tabler/icons/icons/outline/${name}.svg`, import.meta.url));
        const inner = readFileSync(path, "utf8").replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
        return `<symbol id="${name}" viewBox="0 0 24 24">${inner.trim().replace(/\s+/g, " ")}</symbol>`;
      });
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
      });
    },
  };
}

export default defineConfig({
  plugins: [sprite()],
  build: {
    outDir: "../src/fengqiao/web/static/fengqiao/dist",
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: { desk: fileURLToPath(new URL("src/desk.js", import.meta.url)) },
      // Django's manifest storage gives each file its hash; the names here stay.
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]", chunkFileNames: "[name].js" },
    },
  },
});
