import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,Kt as r,Nn as i,O as a,T as o,Zt as s,d as c,h as l,ht as u,kt as d,mt as f,p,pt as m}from"./shared-DafN4PSE.js";import{t as h}from"./FosteringParts-Dgc2u1b9.js";import{J as g,R as _,W as v,z as y}from"./index-BP7IJ8nZ.js";var b=e(i(),1),x=d();function S({items:e,onReload:r}){let i=n().fostering,u=c(),[d,f]=(0,b.useState)(!1),[,h]=s(y),g=e.filter(e=>e.daysTaken);return g.length===0&&!d?null:(0,x.jsxs)(`div`,{className:v.actions,children:[(0,x.jsx)(m,{onClick:()=>f(!0),children:i.rejectTaken(g.length)}),d&&(0,x.jsx)(l,{title:i.rejectTakenQuestion,onClose:()=>f(!1),children:(0,x.jsx)(o,{draft:`reject-taken`,submit:i.reject,danger:!0,onCancel:()=>f(!1),onReload:r,onSubmit:async e=>{for(let{id:n,updatedAt:r}of g){let{error:i}=await h({id:n,reason:p(e,`reason`)||null,seen:r});if(i)return t(i)}u(i.rejected),f(!1)},children:(0,x.jsx)(a,{label:i.reason,name:`reason`,maxLength:2e3,optional:!0,defaultValue:i.takenReason})})})]})}var C=r(`
    query Requests($first: Int!, $after: Cursor, $status: [FosteringStatus!], $orderBy: FosteringOrder) {
      ...Viewer
      fosterings(first: $first, after: $after, filter: { role: OWNER, status: $status }, orderBy: $orderBy) {
        edges {
          node {
            id
            updatedAt
            daysTaken
            ...IncomingRequest
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,[u,g]);function w(){let e=n().requests;return(0,x.jsx)(h,{query:C,text:e,action:(0,x.jsx)(f,{to:`/profile`,children:e.toMyCats}),above:S,children:(e,t)=>(0,x.jsx)(_,{data:e,onReload:t})})}export{w as RequestsPage};