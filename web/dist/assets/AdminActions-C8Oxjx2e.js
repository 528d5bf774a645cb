import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Bt as n,Dt as r,Kt as i,Nn as a,T as o,Zt as s,h as c,kt as l,pt as u,qt as d,tt as f,y as p}from"./shared-DafN4PSE.js";var m=e(a(),1),h=l(),g=i(`
  fragment AdminActions on User {
    id
    name
    isAdmin
    isSuperAdmin
  }
`),_=i(`
    mutation GrantAdmin($id: ID!) {
      grantAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,[g]),v=i(`
    mutation RevokeAdmin($id: ID!) {
      revokeAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,[g]);function y({data:e}){let i=r(),a=d(g,e),[o,c]=(0,m.useState)(),[{fetching:l},p]=s(v);return a.isSuperAdmin?(0,h.jsx)(`p`,{children:i.admin.isSuperAdmin}):a.isAdmin?(0,h.jsxs)(h.Fragment,{children:[o&&(0,h.jsx)(t,{failure:o}),(0,h.jsx)(u,{small:!0,busy:l,onClick:async({currentTarget:e})=>{let t=f(e),{error:r}=await p({id:a.id});c(r&&n(r)),r||t?.focus({preventScroll:!0})},children:i.admin.revoke})]}):(0,h.jsx)(b,{...a})}function b({id:e,name:t}){let i=r(),[a,l]=(0,m.useState)(!1),[,d]=s(_);return(0,h.jsxs)(h.Fragment,{children:[(0,h.jsx)(u,{small:!0,onClick:()=>l(!0),children:i.admin.grant}),a&&(0,h.jsx)(c,{title:(0,h.jsx)(p,{text:i.admin.grantQuestion,name:t}),onClose:()=>l(!1),children:(0,h.jsx)(o,{submit:i.admin.grant,onCancel:()=>l(!1),onSubmit:async()=>{let{error:t}=await d({id:e});if(t)return n(t);l(!1)},children:(0,h.jsx)(`p`,{children:i.admin.powers})})})]})}export{g as n,y as t};