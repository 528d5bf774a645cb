// First, because it puts the layers into their order.
import './styles/index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { Provider } from 'urql'
import { newClient } from './api/client'
import { App } from './app/App'
import { ErrorBoundary } from './app/ErrorBoundary'
import { applyTheme } from './app/theme'
import { LanguageProvider } from './text/language'
import { NoticeProvider } from './ui/notice'

applyTheme()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <ErrorBoundary>
        <Provider value={newClient()}>
          <BrowserRouter>
            <NoticeProvider>
              <App />
            </NoticeProvider>
          </BrowserRouter>
        </Provider>
      </ErrorBoundary>
    </LanguageProvider>
  </StrictMode>,
)
