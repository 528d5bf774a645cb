import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Gt as t,Kt as n,Ot as r,T as i,Xt as a,d as o,ft as s,h as c,jn as l,y as u,zt as d}from"./shared-qVqdcmQF.js";import{t as f}from"./BlockFragment-DAZxBEMb.js";import{n as p,t as m}from"./Unblock-DmsgKvWe.js";var h=e(l(),1),g=r(),_=t(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[f]);function v({data:e}){let t=p(),r=n(f,e),l=o(),[v,y]=(0,h.useState)(!1),[,b]=a(_);return r.viewerHasBlocked?(0,g.jsx)(m,{...r}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(s,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:t.block}),v&&(0,g.jsx)(c,{title:(0,g.jsx)(u,{text:t.question,name:r.name}),onClose:()=>y(!1),children:(0,g.jsx)(i,{submit:t.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:r.id});if(e)return d(e);l((0,g.jsx)(u,{text:t.done,name:r.name})),y(!1)},children:t.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};