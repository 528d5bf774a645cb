import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Et as n,Gt as r,Kt as i,Mn as a,Ot as o,T as s,Xt as c,ft as l,h as u,y as d,zt as f}from"./shared-D3IEIQEw.js";var p=e(a(),1),m=o(),h=r(`
  fragment AdminActions on User {
    id
    name
    isAdmin
    isSuperAdmin
  }
`),g=r(`
    mutation GrantAdmin($id: ID!) {
      grantAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,[h]),_=r(`
    mutation RevokeAdmin($id: ID!) {
      revokeAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,[h]);function v({data:e}){let r=n(),a=i(h,e),[o,s]=(0,p.useState)(),[{fetching:u},d]=c(_);return a.isSuperAdmin?(0,m.jsx)(`p`,{children:r.admin.isSuperAdmin}):a.isAdmin?(0,m.jsxs)(m.Fragment,{children:[o&&(0,m.jsx)(t,{failure:o}),(0,m.jsx)(l,{small:!0,busy:u,onClick:async()=>{let{error:e}=await d({id:a.id});s(e&&f(e))},children:r.admin.revoke})]}):(0,m.jsx)(y,{...a})}function y({id:e,name:t}){let r=n(),[i,a]=(0,p.useState)(!1),[,o]=c(g);return(0,m.jsxs)(m.Fragment,{children:[(0,m.jsx)(l,{small:!0,onClick:()=>a(!0),children:r.admin.grant}),i&&(0,m.jsx)(u,{title:(0,m.jsx)(d,{text:r.admin.grantQuestion,name:t}),onClose:()=>a(!1),children:(0,m.jsx)(s,{submit:r.admin.grant,onCancel:()=>a(!1),onSubmit:async()=>{let{error:t}=await o({id:e});if(t)return f(t);a(!1)},children:(0,m.jsx)(`p`,{children:r.admin.powers})})})]})}export{h as n,v as t};