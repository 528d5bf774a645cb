import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,D as n,G as r,Gt as i,Kt as a,Mn as o,O as s,Ot as c,P as l,T as u,Tt as d,Xt as f,ft as p,h as m,p as h,y as g,zt as _}from"./shared-D3IEIQEw.js";import{t as v}from"./PersonPage-DH45C8sS.js";import{t as y}from"./text-C_2fJxln.js";var b=e(o(),1),x=c(),S=i(`
    mutation SuspendUser($input: SuspendUserInput!) {
      suspendUser(input: $input) {
        id
        ...ModerationActions
      }
    }
  `,[v]),C=i(`
    mutation ReinstateUser($id: ID!) {
      reinstateUser(id: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),w=i(`
    mutation GrantModerator($id: ID!) {
      grantModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),T=i(`
    mutation RevokeModerator($id: ID!) {
      revokeModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]);function E({data:e}){let n=y(),{format:i}=d(),o=a(v,e),[s,c]=(0,b.useState)(),[l,u]=(0,b.useState)(),[{fetching:m},h]=f(C),[{fetching:g},S]=f(T),w=o.suspension?.until,E=async e=>{let{error:t}=await e({id:o.id});u(t&&_(t))};return(0,x.jsxs)(x.Fragment,{children:[l&&(0,x.jsx)(t,{failure:l}),o.suspension?(0,x.jsxs)(x.Fragment,{children:[(0,x.jsx)(r,{tone:`bad`,children:w?n.suspendedUntil(i.date(w),i.time(w)):n.suspended}),(0,x.jsx)(`p`,{dir:`auto`,children:o.suspension.reason}),(0,x.jsx)(p,{small:!0,busy:m,onClick:()=>E(h),children:n.reinstate})]}):(0,x.jsx)(p,{small:!0,onClick:()=>c(`suspend`),children:n.suspend}),o.isModerator===!1&&(0,x.jsx)(p,{small:!0,onClick:()=>c(`grant`),children:n.grant}),o.isModerator&&!o.isAdmin&&(0,x.jsx)(p,{small:!0,busy:g,onClick:()=>E(S),children:n.revoke}),s===`suspend`&&(0,x.jsx)(O,{...o,onClose:()=>c(void 0)}),s===`grant`&&(0,x.jsx)(k,{...o,onClose:()=>c(void 0)})]})}var D=864e5;function O({id:e,name:t,onClose:r}){let i=y(),[,a]=f(S);return(0,x.jsx)(m,{title:(0,x.jsx)(g,{text:i.suspendQuestion,name:t}),onClose:r,children:(0,x.jsxs)(u,{submit:i.suspend,danger:!0,onCancel:r,onSubmit:async t=>{let n=Number(h(t,`days`)),i=n>0?new Date(Date.now()+n*D).toISOString():null,{error:o}=await a({input:{userId:e,until:i,reason:h(t,`reason`)??``}});if(o)return _(o);r()},children:[(0,x.jsx)(`p`,{children:i.effects}),(0,x.jsxs)(n,{label:i.howLong,name:`days`,defaultValue:`7`,children:[[1,7,30].map(e=>(0,x.jsx)(`option`,{value:e,children:i.days(e)},e)),(0,x.jsx)(`option`,{value:`0`,children:i.open})]}),(0,x.jsx)(s,{label:i.reason,name:`reason`,hint:i.reasonHint,required:!0,maxLength:l})]})})}function k({id:e,name:t,onClose:n}){let r=y(),[,i]=f(w);return(0,x.jsx)(m,{title:(0,x.jsx)(g,{text:r.grantQuestion,name:t}),onClose:n,children:(0,x.jsx)(u,{submit:r.grant,onCancel:n,onSubmit:async()=>{let{error:t}=await i({id:e});if(t)return _(t);n()},children:(0,x.jsx)(`p`,{children:r.powers})})})}export{E as ModerationActions};