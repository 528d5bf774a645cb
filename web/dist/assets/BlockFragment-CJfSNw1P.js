import{Kt as e}from"./shared-94jfGhsW.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};