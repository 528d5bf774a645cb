import{Gt as e}from"./shared-Bpg2IYIc.js";var t=e(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`);export{t};