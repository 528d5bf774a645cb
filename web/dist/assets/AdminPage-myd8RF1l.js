import{J as e,S as t,Tt as n,gt as r,kt as i,mt as a,nt as o}from"./shared-CwO356SJ.js";import{B as s,Y as c,st as l,z as u}from"./index-DsqDHsEj.js";var d={page:`_page_qono2_2`,admin:`_admin_qono2_8`},f=r(),p=i(`
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
  `,[o,s]);function m(){let r=a().admin,i=n(p,{first:50},e=>e.admins.pageInfo);return(0,f.jsxs)(`div`,{className:d.page,children:[(0,f.jsx)(e,{title:r.title}),(0,f.jsxs)(`p`,{children:[r.powers,` `,r.intro]}),(0,f.jsx)(c,{list:i,items:e=>e.admins.edges.map(e=>e.node),empty:null,forbidden:r.superOnly,children:e=>(0,f.jsxs)(`div`,{className:d.admin,children:[(0,f.jsx)(t,{id:e.id,name:e.name}),(0,f.jsxs)(`p`,{children:[(0,f.jsx)(l,{id:e.id,name:e.name}),(0,f.jsx)(`br`,{}),(0,f.jsx)(`bdi`,{children:e.email})]}),(0,f.jsx)(u,{data:e})]})})]})}export{m as AdminPage};