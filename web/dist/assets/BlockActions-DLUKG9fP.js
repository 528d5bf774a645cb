import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Gt as t,Kt as n,Mn as r,Ot as i,T as a,Xt as o,d as s,ft as c,h as l,y as u,zt as d}from"./shared-D3IEIQEw.js";import{t as f}from"./BlockFragment-BG0QncRw.js";import{n as p,t as m}from"./Unblock-BqUsm1Y8.js";var h=e(r(),1),g=i(),_=t(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[f]);function v({data:e}){let t=p(),r=n(f,e),i=s(),[v,y]=(0,h.useState)(!1),[,b]=o(_);return r.viewerHasBlocked?(0,g.jsx)(m,{...r}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(c,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:t.block}),v&&(0,g.jsx)(l,{title:(0,g.jsx)(u,{text:t.question,name:r.name}),onClose:()=>y(!1),children:(0,g.jsx)(a,{submit:t.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:r.id});if(e)return d(e);i((0,g.jsx)(u,{text:t.done,name:r.name})),y(!1)},children:t.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};