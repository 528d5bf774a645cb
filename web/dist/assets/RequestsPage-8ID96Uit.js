import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,Kt as r,O as i,Zt as a,g as o,ht as s,j as c,jn as l,kt as u,mt as d,p as f,pt as p,v as m}from"./shared-94jfGhsW.js";import{t as h}from"./FosteringParts-DAv6XbW-.js";import{J as g,R as _,W as v,z as y}from"./index-BPsbRwYK.js";var b=e(l(),1),x=u();function S({items:e,onReload:r}){let s=n().fostering,l=f(),[u,d]=(0,b.useState)(!1),[,h]=a(y),g=e.filter(e=>e.daysTaken);return g.length===0&&!u?null:(0,x.jsxs)(`div`,{className:v.actions,children:[(0,x.jsx)(p,{onClick:()=>d(!0),children:s.rejectTaken(g.length)}),u&&(0,x.jsx)(m,{title:s.rejectTakenQuestion,onClose:()=>d(!1),children:(0,x.jsx)(i,{submit:s.reject,danger:!0,onCancel:()=>d(!1),onReload:r,onSubmit:async e=>{for(let{id:n,updatedAt:r}of g){let{error:i}=await h({id:n,reason:o(e,`reason`)||null,seen:r});if(i)return t(i)}l(s.rejected),d(!1)},children:(0,x.jsx)(c,{label:s.reason,name:`reason`,maxLength:2e3,optional:!0,defaultValue:s.takenReason})})})]})}var C=r(`
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
  `,[s,g]);function w(){let e=n().requests;return(0,x.jsx)(h,{query:C,text:e,action:(0,x.jsx)(d,{to:`/profile`,children:e.toMyCats}),above:S,children:(e,t)=>(0,x.jsx)(_,{data:e,onReload:t})})}export{w as RequestsPage};