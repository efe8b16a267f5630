import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const port = 3002;

export default defineConfig({
  plugins: [sveltekit()],
  server: { port },
  preview: { port },
});
