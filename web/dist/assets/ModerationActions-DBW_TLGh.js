import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,G as r,M as i,Mt as a,N as o,Rt as s,T as c,et as l,f as u,gt as d,kt as f,m as p,pt as m,t as h,vn as g,z as _}from"./shared-CwO356SJ.js";import{R as v,rt as y}from"./index-DsqDHsEj.js";var b=e(g(),1),x=d(),S=f(`
    mutation SuspendUser($input: SuspendUserInput!) {
      suspendUser(input: $input) {
        id
        ...ModerationActions
      }
    }
  `,[v]),C=f(`
    mutation ReinstateUser($id: ID!) {
      reinstateUser(id: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),w=f(`
    mutation GrantModerator($id: ID!) {
      grantModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),T=f(`
    mutation RevokeModerator($id: ID!) {
      revokeModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]);function E({data:e}){let t=h(),{format:i}=m(),o=n(v,e),[c,u]=(0,b.useState)(),[d,f]=(0,b.useState)(),[{fetching:p},g]=s(C),[{fetching:_},S]=s(T),w=o.suspension?.until,E=async e=>{let{error:t}=await e({id:o.id});f(t&&a(t))};return(0,x.jsxs)(x.Fragment,{children:[d&&(0,x.jsx)(r,{failure:d}),o.suspension?(0,x.jsxs)(x.Fragment,{children:[(0,x.jsx)(y,{tone:`bad`,children:w?t.suspendedUntil(i.date(w),i.time(w)):t.suspended}),(0,x.jsx)(`p`,{dir:`auto`,children:o.suspension.reason}),(0,x.jsx)(l,{small:!0,busy:p,onClick:()=>E(g),children:t.reinstate})]}):(0,x.jsx)(l,{small:!0,onClick:()=>u(`suspend`),children:t.suspend}),o.isModerator===!1&&(0,x.jsx)(l,{small:!0,onClick:()=>u(`grant`),children:t.grant}),o.isModerator&&!o.isAdmin&&(0,x.jsx)(l,{small:!0,busy:_,onClick:()=>E(S),children:t.revoke}),c===`suspend`&&(0,x.jsx)(O,{...o,onClose:()=>u(void 0)}),c===`grant`&&(0,x.jsx)(k,{...o,onClose:()=>u(void 0)})]})}var D=864e5;function O({id:e,name:n,onClose:r}){let l=h(),[,d]=s(S);return(0,x.jsx)(_,{title:(0,x.jsx)(c,{text:l.suspendQuestion,name:n}),onClose:r,children:(0,x.jsxs)(t,{submit:l.suspend,danger:!0,onCancel:r,onSubmit:async t=>{let n=Number(u(t,`days`)),i=n>0?new Date(Date.now()+n*D).toISOString():null,{error:o}=await d({input:{userId:e,until:i,reason:u(t,`reason`)??``}});if(o)return a(o);r()},children:[(0,x.jsx)(`p`,{children:l.effects}),(0,x.jsxs)(i,{label:l.howLong,name:`days`,defaultValue:`7`,children:[[1,7,30].map(e=>(0,x.jsx)(`option`,{value:e,children:l.days(e)},e)),(0,x.jsx)(`option`,{value:`0`,children:l.open})]}),(0,x.jsx)(o,{label:l.reason,name:`reason`,hint:l.reasonHint,required:!0,maxLength:p})]})})}function k({id:e,name:n,onClose:r}){let i=h(),[,o]=s(w);return(0,x.jsx)(_,{title:(0,x.jsx)(c,{text:i.grantQuestion,name:n}),onClose:r,children:(0,x.jsx)(t,{submit:i.grant,onCancel:r,onSubmit:async()=>{let{error:t}=await o({id:e});if(t)return a(t);r()},children:(0,x.jsx)(`p`,{children:i.powers})})})}export{E as ModerationActions};