import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,Mt as r,Rt as i,T as a,et as o,gt as s,kt as c,l,mt as u,s as d,vn as f,w as p,z as m}from"./shared-CwO356SJ.js";var h=e(f(),1),g=s(),_=c(`
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,[l]);function v({data:e}){let s=u(),c=n(l,e),f=p(),[v,y]=(0,h.useState)(!1),[,b]=i(_);return c.viewerHasBlocked?(0,g.jsx)(d,{...c}):(0,g.jsxs)(g.Fragment,{children:[(0,g.jsx)(o,{small:!0,kind:`quiet`,onClick:()=>y(!0),children:s.blocks.block}),v&&(0,g.jsx)(m,{title:(0,g.jsx)(a,{text:s.blocks.question,name:c.name}),onClose:()=>y(!1),children:(0,g.jsx)(t,{submit:s.blocks.block,danger:!0,onCancel:()=>y(!1),onSubmit:async()=>{let{error:e}=await b({id:c.id});if(e)return r(e);f((0,g.jsx)(a,{text:s.blocks.done,name:c.name})),y(!1)},children:s.blocks.effects.map(e=>(0,g.jsx)(`p`,{children:e},e))})})]})}export{v as BlockActions};