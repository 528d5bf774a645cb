import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Kt as n,Nn as r,T as i,Zt as a,d as o,h as s,kt as c,pt as l,qt as u,y as d}from"./shared-DafN4PSE.js";import{t as f}from"./BlockFragment-BsQPyMYh.js";import{n as p,t as m}from"./Unblock-CV82ihkD.js";var h=e(r(),1),g=c(),_=n(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[f]);function v({data:e}){let n=p(),r=u(f,e),c=o(),[v,y]=(0,h.useState)(!1),[,b]=a(_);return r.viewerHasBlocked?(0,g.jsx)(m,{...r}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(l,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:n.block}),v&&(0,g.jsx)(s,{title:(0,g.jsx)(d,{text:n.question,name:r.name}),onClose:()=>y(!1),children:(0,g.jsx)(i,{submit:n.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:r.id});if(e)return t(e);c((0,g.jsx)(d,{text:n.done,name:r.name})),y(!1)},children:n.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};