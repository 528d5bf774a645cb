// The playground: GraphiQL with the visitor's session cookie. There is no editor for
// headers, so no token is typed or stored.
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './style.css'

import { explorerPlugin } from '@graphiql/plugin-explorer'
import { GraphiQL } from 'graphiql'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { examples } from './examples.ts'
import { fetcher } from './fetcher.ts'

const plugins = [explorerPlugin()]

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultTabs={examples}
      isHeadersEditorEnabled={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>
        <a className="home" href="/">
          CatFoster
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  </StrictMode>,
)
