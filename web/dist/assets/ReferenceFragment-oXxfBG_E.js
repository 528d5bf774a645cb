import{Gt as e}from"./shared-D3IEIQEw.js";var t=e(`
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