import { remember, remembered } from '../ui/storage'

/** Light, dark, or as the system is set. */
export const themes = ['system', 'light', 'dark'] as const

export type Theme = (typeof themes)[number]

export function currentTheme(): Theme {
  return themes.find((theme) => theme === remembered('theme')) ?? 'system'
}

export function setTheme(theme: Theme): void {
  remember('theme', theme)
  applyTheme()
}

/** Tells the styles, see tokens.css. */
export function applyTheme(): void {
  const theme = currentTheme()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
