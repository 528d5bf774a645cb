import{Gt as e,Lt as t,Ot as n,l as r,n as i,vt as a}from"./shared-D3IEIQEw.js";import{G as o}from"./index-DpbU5mep.js";import{t as s}from"./Queue.module-2PWwWVr3.js";import{t as c}from"./text-C_2fJxln.js";var l=n(),u=e(`
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
`),d={hasNextPage:!1,endCursor:null};function f({id:e}){let n=c().queue,f=a(),p=t(u,{id:e,first:10},e=>e.user?.reportsAbout.pageInfo??d);return(0,l.jsxs)(`section`,{children:[(0,l.jsx)(`h2`,{children:n.title}),(0,l.jsx)(i,{list:p,items:e=>e.user?.reportsAbout.edges.map(e=>e.node)??[],empty:(0,l.jsx)(`p`,{children:n.noneAbout}),children:e=>(0,l.jsxs)(`div`,{className:s.case,children:[(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsxs)(`strong`,{children:[n.kinds[e.subjectKind],`: `,n.reasons[e.reason]]}),(0,l.jsx)(`span`,{children:f(e.createdAt)})]}),e.text&&(0,l.jsx)(r,{text:e.text}),(0,l.jsxs)(`p`,{className:s.facts,children:[(0,l.jsx)(`span`,{children:e.decision?n.decisions[e.decision]:n.waits}),e.resolvedBy&&(0,l.jsx)(o,{...e.resolvedBy})]}),e.decisionReason&&(0,l.jsx)(r,{text:e.decisionReason})]})})]})}export{f as MemberReports};