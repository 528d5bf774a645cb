import{Tt as e,gt as t,kt as n,n as r,ot as i,t as a}from"./shared-CwO356SJ.js";import{Y as o,nt as s,st as c}from"./index-DsqDHsEj.js";var l=t(),u=n(`
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
`),d={hasNextPage:!1,endCursor:null};function f({id:t}){let n=a().queue,f=i(),p=e(u,{id:t,first:10},e=>e.user?.reportsAbout.pageInfo??d);return(0,l.jsxs)(`section`,{children:[(0,l.jsx)(`h2`,{children:n.title}),(0,l.jsx)(o,{list:p,items:e=>e.user?.reportsAbout.edges.map(e=>e.node)??[],empty:(0,l.jsx)(`p`,{children:n.noneAbout}),children:e=>(0,l.jsxs)(`div`,{className:r.case,children:[(0,l.jsxs)(`p`,{className:r.facts,children:[(0,l.jsxs)(`strong`,{children:[n.kinds[e.subjectKind],`: `,n.reasons[e.reason]]}),(0,l.jsx)(`span`,{children:f(e.createdAt)})]}),e.text&&(0,l.jsx)(s,{text:e.text}),(0,l.jsxs)(`p`,{className:r.facts,children:[(0,l.jsx)(`span`,{children:e.decision?n.decisions[e.decision]:n.waits}),e.resolvedBy&&(0,l.jsx)(c,{...e.resolvedBy})]}),e.decisionReason&&(0,l.jsx)(s,{text:e.decisionReason})]})})]})}export{f as MemberReports};