import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// What is no page goes on to the API: the one of `make dev`, or of `make run` beside `npm run dev`. The API sees the
// host that the browser sees, so that both have the same origin.
const api = { target: process.env.CATFOSTER_API ?? 'http://127.0.0.1:8080', changeOrigin: false }

export default defineConfig({
  plugins: [react()],
  build: {
    // The Content-Security-Policy allows no data: URLs for scripts, styles and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file: the order of the layers is that of the first rule that names them.
    cssCodeSplit: false,
    // One file has all that the first page and others share: a file for each combination of them takes longer to load.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'styles', test: /src\/styles/, priority: 1 }, { name: 'shared', minShareCount: 2, test: /node_modules|src\/(?!account|blocks|care|conversation|fosterings|kratos|moderation|notifications|people|photos|references|text\/(blocks|moderation))/ }] } } },
    // Those of the libraries; those of the fonts are in public.
    license: { fileName: 'licenses/libraries.md' },
  },
  server: {
    host: '127.0.0.1', // Cookies of localhost are others.
    proxy: { '/graphql': api, '/photos': api, '/.ory': api, '/playground': api, '/health': api },
  },
})
