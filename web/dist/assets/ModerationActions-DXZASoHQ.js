import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Lt as n,M as r,Ot as i,R as a,W as o,_n as s,d as c,ft as l,ht as u,j as d,jt as f,k as p,kt as m,p as h,t as g,w as _}from"./shared-MDYQo7Gp.js";import{R as v,rt as y}from"./index-c4_QKH4G.js";var b=e(s(),1),x=u(),S=i(`
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
  `,[v]);function E({data:e}){let r=g(),{format:i}=l(),a=m(v,e),[s,c]=(0,b.useState)(),[u,d]=(0,b.useState)(),[{fetching:p},h]=n(C),[{fetching:_},S]=n(T),w=a.suspension?.until,E=async e=>{let{error:t}=await e({id:a.id});d(t&&f(t))};return(0,x.jsxs)(x.Fragment,{children:[u&&(0,x.jsx)(o,{failure:u}),a.suspension?(0,x.jsxs)(x.Fragment,{children:[(0,x.jsx)(y,{tone:`bad`,children:w?r.suspendedUntil(i.date(w),i.time(w)):r.suspended}),(0,x.jsx)(`p`,{dir:`auto`,children:a.suspension.reason}),(0,x.jsx)(t,{small:!0,busy:p,onClick:()=>E(h),children:r.reinstate})]}):(0,x.jsx)(t,{small:!0,onClick:()=>c(`suspend`),children:r.suspend}),a.isModerator===!1&&(0,x.jsx)(t,{small:!0,onClick:()=>c(`grant`),children:r.grant}),a.isModerator&&!a.isAdmin&&(0,x.jsx)(t,{small:!0,busy:_,onClick:()=>E(S),children:r.revoke}),s===`suspend`&&(0,x.jsx)(O,{...a,onClose:()=>c(void 0)}),s===`grant`&&(0,x.jsx)(k,{...a,onClose:()=>c(void 0)})]})}var D=864e5;function O({id:e,name:t,onClose:i}){let o=g(),[,s]=n(S);return(0,x.jsx)(a,{title:(0,x.jsx)(_,{text:o.suspendQuestion,name:t}),onClose:i,children:(0,x.jsxs)(p,{submit:o.suspend,danger:!0,onCancel:i,onSubmit:async t=>{let n=Number(c(t,`days`)),r=n>0?new Date(Date.now()+n*D).toISOString():null,{error:a}=await s({input:{userId:e,until:r,reason:c(t,`reason`)??``}});if(a)return f(a);i()},children:[(0,x.jsx)(`p`,{children:o.effects}),(0,x.jsxs)(d,{label:o.howLong,name:`days`,defaultValue:`7`,children:[[1,7,30].map(e=>(0,x.jsx)(`option`,{value:e,children:o.days(e)},e)),(0,x.jsx)(`option`,{value:`0`,children:o.open})]}),(0,x.jsx)(r,{label:o.reason,name:`reason`,hint:o.reasonHint,required:!0,maxLength:h})]})})}function k({id:e,name:t,onClose:r}){let i=g(),[,o]=n(w);return(0,x.jsx)(a,{title:(0,x.jsx)(_,{text:i.grantQuestion,name:t}),onClose:r,children:(0,x.jsx)(p,{submit:i.grant,onCancel:r,onSubmit:async()=>{let{error:t}=await o({id:e});if(t)return f(t);r()},children:(0,x.jsx)(`p`,{children:i.powers})})})}export{E as ModerationActions};