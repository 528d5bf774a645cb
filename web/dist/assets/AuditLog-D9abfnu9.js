import{Gt as e,Lt as t,Ot as n,Tt as r,n as i}from"./shared-D3IEIQEw.js";import{G as a}from"./index-DpbU5mep.js";import{t as o}from"./text-C_2fJxln.js";var s=n(),c=e(`
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
`);function l({subjectId:e}){let n=o(),{format:l}=r(),u=t(c,{first:20,subjectId:e??null},e=>e.auditEntries.pageInfo);return(0,s.jsxs)(`section`,{children:[(0,s.jsx)(`h2`,{children:n.log}),(0,s.jsx)(i,{list:u,items:e=>e.auditEntries.edges.map(e=>e.node),empty:(0,s.jsx)(`p`,{children:n.noEntries}),children:({action:e,detail:t,reason:r,createdAt:i,actor:o})=>(0,s.jsxs)(`p`,{children:[(0,s.jsxs)(`time`,{dateTime:i,children:[l.date(i),`, `,l.time(i)]}),` `,(0,s.jsx)(`strong`,{children:n.actions[e]??e}),` `,t&&(0,s.jsxs)(`bdi`,{children:[`(`,t,`)`]}),` · `,o?(0,s.jsx)(a,{...o}):n.operator,r&&(0,s.jsxs)(s.Fragment,{children:[(0,s.jsx)(`br`,{}),(0,s.jsx)(`bdi`,{children:r})]})]})})]})}export{l as AuditLog};