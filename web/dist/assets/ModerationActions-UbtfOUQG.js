import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Bt as n,D as r,Et as i,G as a,Kt as o,Nn as s,O as c,P as l,T as u,Zt as d,h as f,kt as p,p as m,pt as h,qt as g,tt as _,y as v}from"./shared-DafN4PSE.js";import{t as y}from"./PersonPage-ChBmLtit.js";import{t as b}from"./text-DtNrGbHA.js";var x=e(s(),1),S=p(),C=o(`
    mutation SuspendUser($input: SuspendUserInput!) {
      suspendUser(input: $input) {
        id
        ...ModerationActions
      }
    }
  `,[y]),w=o(`
    mutation ReinstateUser($id: ID!) {
      reinstateUser(id: $id) {
        id
        ...ModerationActions
      }
    }
  `,[y]),T=o(`
    mutation GrantModerator($id: ID!) {
      grantModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[y]),E=o(`
    mutation RevokeModerator($id: ID!) {
      revokeModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,[y]);function D({data:e}){let r=b(),{format:o}=i(),s=g(y,e),[c,l]=(0,x.useState)(),[u,f]=(0,x.useState)(),[{fetching:p},m]=d(w),[{fetching:v},C]=d(E),T=s.suspension?.until,D=async(e,t)=>{let r=_(e),{error:i}=await t({id:s.id});f(i&&n(i)),i||r?.focus({preventScroll:!0})};return(0,S.jsxs)(S.Fragment,{children:[u&&(0,S.jsx)(t,{failure:u}),s.suspension?(0,S.jsxs)(S.Fragment,{children:[(0,S.jsx)(a,{tone:`bad`,children:T?r.suspendedUntil(o.date(T),o.time(T)):r.suspended}),(0,S.jsx)(`p`,{dir:`auto`,children:s.suspension.reason}),(0,S.jsx)(h,{small:!0,busy:p,onClick:({currentTarget:e})=>D(e,m),children:r.reinstate})]}):(0,S.jsx)(h,{small:!0,onClick:()=>l(`suspend`),children:r.suspend}),s.isModerator===!1&&(0,S.jsx)(h,{small:!0,onClick:()=>l(`grant`),children:r.grant}),s.isModerator&&!s.isAdmin&&(0,S.jsx)(h,{small:!0,busy:v,onClick:({currentTarget:e})=>D(e,C),children:r.revoke}),c===`suspend`&&(0,S.jsx)(k,{...s,onClose:()=>l(void 0)}),c===`grant`&&(0,S.jsx)(A,{...s,onClose:()=>l(void 0)})]})}var O=864e5;function k({id:e,name:t,onClose:i}){let a=b(),[,o]=d(C);return(0,S.jsx)(f,{title:(0,S.jsx)(v,{text:a.suspendQuestion,name:t}),onClose:i,children:(0,S.jsxs)(u,{draft:`suspend-${e}`,submit:a.suspend,danger:!0,onCancel:i,onSubmit:async t=>{let r=Number(m(t,`days`)),a=r>0?new Date(Date.now()+r*O).toISOString():null,{error:s}=await o({input:{userId:e,until:a,reason:m(t,`reason`)??``}});if(s)return n(s);i()},children:[(0,S.jsx)(`p`,{children:a.effects}),(0,S.jsxs)(r,{label:a.howLong,name:`days`,defaultValue:`7`,children:[[1,7,30].map(e=>(0,S.jsx)(`option`,{value:e,children:a.days(e)},e)),(0,S.jsx)(`option`,{value:`0`,children:a.open})]}),(0,S.jsx)(c,{label:a.reason,name:`reason`,hint:a.reasonHint,required:!0,maxLength:l})]})})}function A({id:e,name:t,onClose:r}){let i=b(),[,a]=d(T);return(0,S.jsx)(f,{title:(0,S.jsx)(v,{text:i.grantQuestion,name:t}),onClose:r,children:(0,S.jsx)(u,{submit:i.grant,onCancel:r,onSubmit:async()=>{let{error:t}=await a({id:e});if(t)return n(t);r()},children:(0,S.jsx)(`p`,{children:i.powers})})})}export{D as ModerationActions};