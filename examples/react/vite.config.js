import { defineConfig } from 'vite';

/** `npm run dev` shows the page; `node server.mjs` beside it answers what the page asks. */
const server = `http://localhost:${process.env.PORT || 3001}`;

export default defineConfig({
  build: {
    target: 'es2022',
    // `'use client'` is meant for Next, and is no loss here.
    rolldownOptions: {
      onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log),
    },
  },
  server: { proxy: { '/config.json': server, '/session': server, '/api': server } },
});
