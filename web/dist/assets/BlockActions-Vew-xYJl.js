import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Kt as n,O as r,S as i,Zt as a,jn as o,kt as s,p as c,pt as l,qt as u,v as d}from"./shared-94jfGhsW.js";import{t as f}from"./BlockFragment-CJfSNw1P.js";import{n as p,t as m}from"./Unblock-3RB-wxWF.js";var h=e(o(),1),g=s(),_=n(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[f]);function v({data:e}){let n=p(),o=u(f,e),s=c(),[v,y]=(0,h.useState)(!1),[,b]=a(_);return o.viewerHasBlocked?(0,g.jsx)(m,{...o}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(l,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:n.block}),v&&(0,g.jsx)(d,{title:(0,g.jsx)(i,{text:n.question,name:o.name}),onClose:()=>y(!1),children:(0,g.jsx)(r,{submit:n.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:o.id});if(e)return t(e);s((0,g.jsx)(i,{text:n.done,name:o.name})),y(!1)},children:n.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};