import{Kt as e}from"./shared-C7j0g4l2.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};