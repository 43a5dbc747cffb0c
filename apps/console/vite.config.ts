// Builds the console into dist/, where the server finds it; `vite apps/console` develops against a running server.

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:8480";

// Few pieces that change at different times; none is large.
const pieces = [
  { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
  { name: "mantine", test: /node_modules\/(@mantine|@floating-ui|react-[a-z-]+|clsx)\// },
  { name: "router", test: /node_modules\/@tanstack\// },
  // With zod goes what must be said to it before the contract makes its parsers.
  { name: "zod", test: /node_modules\/zod\/|console\/src\/parsers\.ts/ },
  { name: "contract", test: /packages\/(api|core)\// },
];

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers with CSS light-dark(), so that it is not rewritten.
    target: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: pieces } } },
  },
  server: {
    // The server answers pages of its own origin only.
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
  },
});
