import{Kt as e,Rt as t,kt as n,l as r,n as i,yt as a}from"./shared-DafN4PSE.js";import{G as o}from"./index-BP7IJ8nZ.js";import{t as s}from"./Queue.module-2PWwWVr3.js";import{t as c}from"./text-DtNrGbHA.js";var l=n(),u=e(`
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
`);function d({id:e}){let n=c().queue,d=a(),f=t(u,{id:e,first:10},e=>e.user?.reportsAbout);return(0,l.jsxs)(`section`,{children:[(0,l.jsx)(`h2`,{children:n.title}),(0,l.jsx)(i,{list:f,items:e=>e.user?.reportsAbout.edges.map(e=>e.node)??[],empty:(0,l.jsx)(`p`,{children:n.noneAbout}),children:e=>(0,l.jsxs)(`div`,{className:s.case,children:[(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsxs)(`strong`,{children:[n.kinds[e.subjectKind],`: `,n.reasons[e.reason]]}),(0,l.jsx)(`span`,{children:d(e.createdAt)})]}),e.text&&(0,l.jsx)(r,{text:e.text}),(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsx)(`span`,{children:e.decision?n.decisions[e.decision]:n.waits}),e.resolvedBy&&(0,l.jsx)(o,{...e.resolvedBy})]}),e.decisionReason&&(0,l.jsx)(r,{text:e.decisionReason})]})})]})}export{d as MemberReports};