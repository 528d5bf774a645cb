import{Kt as e}from"./shared-94jfGhsW.js";var t=e(`
  fragment Reference on Reference {
    id
    writtenBy
    tookPlace
    recommends
    text
    privateNote
    createdAt
    author {
      id
      name
    }
  }
`);export{t};