import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// GraphiQL's styles contain two font families as data: URLs, three quarters of their size.
// The fonts of the system are as good, and the Content-Security-Policy needs no exception.
const withoutFonts: Plugin = {
  name: 'without-fonts',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.css')) return
    return code.replaceAll(/@font-face\s*\{[^}]*\}/g, '')
  },
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/playground/',
  plugins: [withoutFonts, react()],
  resolve: { alias: { 'react-style-singleton': import.meta.dirname + '/stylesingleton.ts' } },
  build: {
    outDir: '../dist-playground',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    license: { fileName: 'licenses.md' },
  },
})
