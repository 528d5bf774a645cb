import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `npm run dev` passes everything that is not ours on to the server of `make run`.
const server = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  build: {
    // The Content-Security-Policy allows no data: URLs for scripts, styles and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Those of the libraries; those of the fonts are in public.
    license: { fileName: 'licenses/libraries.md' },
  },
  server: {
    proxy: { '/graphql': server, '/.ory': server, '/playground': server, '/health': server },
  },
})
