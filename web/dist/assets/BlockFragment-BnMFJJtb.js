import{Gt as e}from"./shared-g2-eXypH.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};