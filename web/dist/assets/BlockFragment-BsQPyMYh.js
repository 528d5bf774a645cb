import{Kt as e}from"./shared-DafN4PSE.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};