import{Et as e,Kt as t,Rt as n,kt as r,n as i}from"./shared-DafN4PSE.js";import{G as a}from"./index-BP7IJ8nZ.js";import{t as o}from"./text-DtNrGbHA.js";var s=r(),c=t(`
  query AuditEntries($first: Int!, $after: Cursor, $subjectId: ID) {
    auditEntries(first: $first, after: $after, subjectId: $subjectId) {
      edges {
        node {
          id
          action
          detail
          reason
          createdAt
          actor {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);function l({subjectId:t}){let r=o(),{format:l}=e(),u=n(c,{first:20,subjectId:t??null},e=>e.auditEntries);return(0,s.jsxs)(`section`,{children:[(0,s.jsx)(`h2`,{children:r.log}),(0,s.jsx)(i,{list:u,items:e=>e.auditEntries.edges.map(e=>e.node),empty:(0,s.jsx)(`p`,{children:r.noEntries}),children:({action:e,detail:t,reason:n,createdAt:i,actor:o})=>(0,s.jsxs)(`p`,{children:[(0,s.jsxs)(`time`,{dateTime:i,children:[l.date(i),`, `,l.time(i)]}),` `,(0,s.jsx)(`strong`,{children:r.actions[e]??e}),` `,t&&(0,s.jsxs)(`bdi`,{children:[`(`,t,`)`]}),` · `,o?(0,s.jsx)(a,{...o}):r.operator,n&&(0,s.jsxs)(s.Fragment,{children:[(0,s.jsx)(`br`,{}),(0,s.jsx)(`bdi`,{children:n})]})]})})]})}export{l as AuditLog};