import{Gt as e}from"./shared-Bpg2IYIc.js";var t=e(`
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