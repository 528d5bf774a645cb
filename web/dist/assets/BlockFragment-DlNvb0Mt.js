import{Kt as e}from"./shared--8XUE_XX.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};