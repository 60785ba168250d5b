import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const FRAME =
  /[\\/]node_modules[\\/](?:react|react-dom|scheduler|use-sync-external-store|eventsource-parser|react-hotkeys-hook|@tanstack[\\/](?:react-router|router-core|history|react-store|store|react-query|query-core))[\\/]/;

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
    rolldownOptions: {
      output: {
        // What the frame is made of is there before any page: in one file it is smaller than in a dozen.
        codeSplitting: { groups: [{ name: 'frame', test: FRAME }] },
      },
    },
  },
});
