import{Gt as e}from"./shared-D3IEIQEw.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};