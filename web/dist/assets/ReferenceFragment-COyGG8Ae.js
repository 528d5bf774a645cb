import{Gt as e}from"./shared-g2-eXypH.js";var t=e(`
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