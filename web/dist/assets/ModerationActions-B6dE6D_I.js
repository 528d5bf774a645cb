import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,Bt as n,Et as r,J as i,Kt as a,L as o,O as s,S as c,Zt as l,g as u,j as d,jn as f,kt as p,nt as m,pt as h,qt as g,v as _}from"./shared-94jfGhsW.js";import{t as v}from"./PersonPage-BTAB_K50.js";import{t as y}from"./text-C3BL5ghm.js";var b=e(f(),1),x=p(),S=a(`
    mutation SuspendUser($input: SuspendUserInput!) {
      suspendUser(input: $input) {
        id
        ...ModerationActions
      }
    }
  `,[v]),C=a(`
    mutation ReinstateUser($id: ID!) {
      reinstateUser(id: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),w=a(`
    mutation GrantModerator($id: ID!) {
      grantModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]),T=a(`
    mutation RevokeModerator($id: ID!) {
      revokeModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[v]);function E({data:e}){let t=y(),{format:a}=r(),o=g(v,e),[s,c]=(0,b.useState)(),[u,d]=(0,b.useState)(),[{fetching:f},p]=l(C),[{fetching:_},S]=l(T),w=o.suspension?.until,E=async e=>{let{error:t}=await e({id:o.id});d(t&&n(t))};return(0,x.jsxs)(x.Fragment,{children:[u&&(0,x.jsx)(m,{failure:u}),o.suspension?(0,x.jsxs)(x.Fragment,{children:[(0,x.jsx)(i,{tone:`bad`,children:w?t.suspendedUntil(a.date(w),a.time(w)):t.suspended}),(0,x.jsx)(`p`,{dir:`auto`,children:o.suspension.reason}),(0,x.jsx)(h,{small:!0,busy:f,onClick:()=>E(p),children:t.reinstate})]}):(0,x.jsx)(h,{small:!0,onClick:()=>c(`suspend`),children:t.suspend}),o.isModerator===!1&&(0,x.jsx)(h,{small:!0,onClick:()=>c(`grant`),children:t.grant}),o.isModerator&&!o.isAdmin&&(0,x.jsx)(h,{small:!0,busy:_,onClick:()=>E(S),children:t.revoke}),s===`suspend`&&(0,x.jsx)(O,{...o,onClose:()=>c(void 0)}),s===`grant`&&(0,x.jsx)(k,{...o,onClose:()=>c(void 0)})]})}var D=864e5;function O({id:e,name:r,onClose:i}){let a=y(),[,f]=l(S);return(0,x.jsx)(_,{title:(0,x.jsx)(c,{text:a.suspendQuestion,name:r}),onClose:i,children:(0,x.jsxs)(s,{submit:a.suspend,danger:!0,onCancel:i,onSubmit:async t=>{let r=Number(u(t,`days`)),a=r>0?new Date(Date.now()+r*D).toISOString():null,{error:o}=await f({input:{userId:e,until:a,reason:u(t,`reason`)??``}});if(o)return n(o);i()},children:[(0,x.jsx)(`p`,{children:a.effects}),(0,x.jsxs)(t,{label:a.howLong,name:`days`,defaultValue:`7`,children:[[1,7,30].map(e=>(0,x.jsx)(`option`,{value:e,children:a.days(e)},e)),(0,x.jsx)(`option`,{value:`0`,children:a.open})]}),(0,x.jsx)(d,{label:a.reason,name:`reason`,hint:a.reasonHint,required:!0,maxLength:o})]})})}function k({id:e,name:t,onClose:r}){let i=y(),[,a]=l(w);return(0,x.jsx)(_,{title:(0,x.jsx)(c,{text:i.grantQuestion,name:t}),onClose:r,children:(0,x.jsx)(s,{submit:i.grant,onCancel:r,onSubmit:async()=>{let{error:t}=await a({id:e});if(t)return n(t);r()},children:(0,x.jsx)(`p`,{children:i.powers})})})}export{E as ModerationActions};