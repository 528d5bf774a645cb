import{Kt as e,Rt as t,d as n,i as r,kt as i,yt as a}from"./shared-94jfGhsW.js";import{G as o}from"./index-BPsbRwYK.js";import{t as s}from"./Queue.module-2PWwWVr3.js";import{t as c}from"./text-C3BL5ghm.js";var l=i(),u=e(`
  query MemberReports($id: ID!, $first: Int!, $after: Cursor) {
    user(id: $id) {
      id
      reportsAbout(first: $first, after: $after) {
        edges {
          node {
            id
            subjectKind
            reason
            text
            createdAt
            decision
            decisionReason
            resolvedBy {
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
  }
`),d={hasNextPage:!1,endCursor:null};function f({id:e}){let i=c().queue,f=a(),p=t(u,{id:e,first:10},e=>e.user?.reportsAbout.pageInfo??d);return(0,l.jsxs)(`section`,{children:[(0,l.jsx)(`h2`,{children:i.title}),(0,l.jsx)(r,{list:p,items:e=>e.user?.reportsAbout.edges.map(e=>e.node)??[],empty:(0,l.jsx)(`p`,{children:i.noneAbout}),children:e=>(0,l.jsxs)(`div`,{className:s.case,children:[(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsxs)(`strong`,{children:[i.kinds[e.subjectKind],`: `,i.reasons[e.reason]]}),(0,l.jsx)(`span`,{children:f(e.createdAt)})]}),e.text&&(0,l.jsx)(n,{text:e.text}),(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsx)(`span`,{children:e.decision?i.decisions[e.decision]:i.waits}),e.resolvedBy&&(0,l.jsx)(o,{...e.resolvedBy})]}),e.decisionReason&&(0,l.jsx)(n,{text:e.decisionReason})]})})]})}export{f as MemberReports};