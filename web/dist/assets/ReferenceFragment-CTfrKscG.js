import{Kt as e}from"./shared-DafN4PSE.js";var t=e(`
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