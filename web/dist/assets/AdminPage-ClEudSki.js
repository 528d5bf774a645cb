import{Dt as e,Kt as t,Rt as n,at as r,ht as i,i as a,kt as o,n as s,r as c,y as l}from"./shared-94jfGhsW.js";import{G as u}from"./index-BPsbRwYK.js";var d={page:`_page_qono2_2`,admin:`_admin_qono2_8`},f=o(),p=t(`
    query Admins($first: Int!, $after: Cursor) {
      ...Viewer
      admins(first: $first, after: $after) {
        edges {
          node {
            id
            name
            email
            ...AdminActions
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,[i,c]);function m(){let t=e().admin,i=n(p,{first:50},e=>e.admins.pageInfo);return(0,f.jsxs)(`div`,{className:d.page,children:[(0,f.jsx)(r,{title:t.title}),(0,f.jsxs)(`p`,{children:[t.powers,` `,t.intro]}),(0,f.jsx)(a,{list:i,items:e=>e.admins.edges.map(e=>e.node),empty:null,forbidden:t.superOnly,children:e=>(0,f.jsxs)(`div`,{className:d.admin,children:[(0,f.jsx)(l,{id:e.id,name:e.name}),(0,f.jsxs)(`p`,{children:[(0,f.jsx)(u,{id:e.id,name:e.name}),(0,f.jsx)(`br`,{}),(0,f.jsx)(`bdi`,{children:e.email})]}),(0,f.jsx)(s,{data:e})]})})]})}export{m as AdminPage};