import{Gt as e,Kt as t,mt as n}from"./shared-D3IEIQEw.js";var r=e(`
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
  `,[n,a]);function s({catProfile:e,fosterings:n}){let r=e??n.edges[0]?.node.catProfile;return r&&t(a,r)}export{i,s as n,r,o as t};