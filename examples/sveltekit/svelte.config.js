import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  kit: {
    csp: {
      directives: {
        'default-src': ['self'],
        // The router tells screen readers of a new page in an element with inline styles.
        'style-src': ['self', 'unsafe-inline'],
        // Where uploads go and pictures come from is known when the app starts, not when it is built.
        'connect-src': ['*'],
        'img-src': ['*', 'data:', 'blob:'],
      },
    },
  },
};
