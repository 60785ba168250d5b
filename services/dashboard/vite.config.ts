import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Relative to nothing but the origin: the query service answers every page with `index.html`. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Files are named by their content and kept by browsers for good.
    assetsDir: 'assets',
    // As data they would be refused by the page's policy on fonts, and are cached better as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
});
