import{Ot as e,ht as t,pt as n,q as r,tt as i,wt as a,x as o}from"./shared-MDYQo7Gp.js";import{B as s,Y as c,st as l,z as u}from"./index-c4_QKH4G.js";var d={page:`_page_qono2_2`,admin:`_admin_qono2_8`},f=t(),p=e(`
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
  `,[i,s]);function m(){let e=n().admin,t=a(p,{first:50},e=>e.admins.pageInfo);return(0,f.jsxs)(`div`,{className:d.page,children:[(0,f.jsx)(r,{title:e.title}),(0,f.jsxs)(`p`,{children:[e.powers,` `,e.intro]}),(0,f.jsx)(c,{list:t,items:e=>e.admins.edges.map(e=>e.node),empty:null,forbidden:e.superOnly,children:e=>(0,f.jsxs)(`div`,{className:d.admin,children:[(0,f.jsx)(o,{id:e.id,name:e.name}),(0,f.jsxs)(`p`,{children:[(0,f.jsx)(l,{id:e.id,name:e.name}),(0,f.jsx)(`br`,{}),(0,f.jsx)(`bdi`,{children:e.email})]}),(0,f.jsx)(u,{data:e})]})})]})}export{m as AdminPage};