import{Kt as e,ht as t,qt as n}from"./shared-DafN4PSE.js";var r=e(`
  fragment CarePlan on CarePlan {
    feeding
    medication
    vet
    mayAuthorizeTreatment
    emergencyContact
    habits
    updatedAt
  }
`),i=[`feeding`,`medication`,`vet`,`emergencyContact`,`habits`],a=e(`
    fragment CaredFor on CatProfile {
      id
      name
      owner {
        id
      }
      carePlan {
        ...CarePlan
      }
    }
  `,[r]),o=e(`
    query CarePlan($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        ...CaredFor
      }
      fosterings(first: 1, filter: { role: PARTICIPANT, catProfileId: $id }) {
        edges {
          node {
            id
            catProfile {
              id
              ...CaredFor
            }
          }
        }
      }
    }
  `,[t,a]);function s({catProfile:e,fosterings:t}){let r=e??t.edges[0]?.node.catProfile;return r&&n(a,r)}export{i,s as n,r,o as t};