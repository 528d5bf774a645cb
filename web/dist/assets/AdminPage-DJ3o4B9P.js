import{I as e,Y as t,_t as n,h as r,lt as i,m as a,st as o,xt as s}from"./shared-SDdjf1-m.js";import{G as c,R as l,z as u}from"./index-IYr1Q52z.js";var d={page:`_page_qono2_2`,admin:`_admin_qono2_8`},f=i(),p=s(`
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
  `,[t,u]);function m(){let t=o().admin,i=n(p,{first:50},e=>e.admins.pageInfo);return(0,f.jsxs)(`div`,{className:d.page,children:[(0,f.jsx)(e,{title:t.title}),(0,f.jsxs)(`p`,{children:[t.powers,` `,t.intro]}),(0,f.jsx)(c,{list:i,items:e=>e.admins.edges.map(e=>e.node),empty:null,forbidden:t.superOnly,children:e=>(0,f.jsxs)(`div`,{className:d.admin,children:[(0,f.jsx)(a,{id:e.id,name:e.name}),(0,f.jsxs)(`p`,{children:[(0,f.jsx)(r,{id:e.id,name:e.name}),(0,f.jsx)(`br`,{}),(0,f.jsx)(`bdi`,{children:e.email})]}),(0,f.jsx)(l,{data:e})]})})]})}export{m as AdminPage};