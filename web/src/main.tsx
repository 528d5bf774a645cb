// First, because it puts the layers into their order.
import './styles/index.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { Provider } from 'urql'
import { newAskingClient, newClient } from './api/client'
import { pageViewer } from './api/viewer'
import { App } from './app/App'
import { ErrorBoundary } from './app/ErrorBoundary'
import { OwnPage } from './app/OwnPage'
import { applyTheme } from './app/theme'
import { askViewer } from './app/viewer'
import { LanguageProvider } from './text/language'
import { NoticeProvider } from './ui/notice'

applyTheme()
const asking = newAskingClient()
pageViewer.listen(() => askViewer(asking), new BroadcastChannel('catfoster.viewer'))
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void pageViewer.doubt('restored')
})
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <ErrorBoundary>
        <OwnPage>
          <Provider value={newClient()}>
            <BrowserRouter>
              <NoticeProvider>
                <App />
              </NoticeProvider>
            </BrowserRouter>
          </Provider>
        </OwnPage>
      </ErrorBoundary>
    </LanguageProvider>
  </StrictMode>,
)
