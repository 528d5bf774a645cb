import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,C as n,Lt as r,Ot as i,R as a,_n as o,c as s,ht as c,jt as l,k as u,kt as d,o as f,pt as p,w as m}from"./shared-MDYQo7Gp.js";var h=e(o(),1),g=c(),_=i(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[s]);function v({data:e}){let i=p(),o=d(s,e),c=n(),[v,y]=(0,h.useState)(!1),[,b]=r(_);return o.viewerHasBlocked?(0,g.jsx)(f,{...o}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(t,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:i.blocks.block}),v&&(0,g.jsx)(a,{title:(0,g.jsx)(m,{text:i.blocks.question,name:o.name}),onClose:()=>y(!1),children:(0,g.jsx)(u,{submit:i.blocks.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:o.id});if(e)return l(e);c((0,g.jsx)(m,{text:i.blocks.done,name:o.name})),y(!1)},children:i.blocks.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};