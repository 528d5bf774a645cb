import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Et as n,Gt as r,Kt as i,Ot as a,T as o,Xt as s,ft as c,h as l,jn as u,y as d,zt as f}from"./shared-qVqdcmQF.js";var p=e(u(),1),m=a(),h=r(`
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
  `,[h]);function v({data:e}){let r=n(),a=i(h,e),[o,l]=(0,p.useState)(),[{fetching:u},d]=s(_);return a.isSuperAdmin?(0,m.jsx)(`p`,{children:r.admin.isSuperAdmin}):a.isAdmin?(0,m.jsxs)(m.Fragment,{children:[o&&(0,m.jsx)(t,{failure:o}),(0,m.jsx)(c,{small:!0,busy:u,onClick:async()=>{let{error:e}=await d({id:a.id});l(e&&f(e))},children:r.admin.revoke})]}):(0,m.jsx)(y,{...a})}function y({id:e,name:t}){let r=n(),[i,a]=(0,p.useState)(!1),[,u]=s(g);return(0,m.jsxs)(m.Fragment,{children:[(0,m.jsx)(c,{small:!0,onClick:()=>a(!0),children:r.admin.grant}),i&&(0,m.jsx)(l,{title:(0,m.jsx)(d,{text:r.admin.grantQuestion,name:t}),onClose:()=>a(!1),children:(0,m.jsx)(o,{submit:r.admin.grant,onCancel:()=>a(!1),onSubmit:async()=>{let{error:t}=await u({id:e});if(t)return f(t);a(!1)},children:(0,m.jsx)(`p`,{children:r.admin.powers})})})]})}export{h as n,v as t};