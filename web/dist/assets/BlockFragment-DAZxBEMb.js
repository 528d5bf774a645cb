import{Gt as e}from"./shared-qVqdcmQF.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};