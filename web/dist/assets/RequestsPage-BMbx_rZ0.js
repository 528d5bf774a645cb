import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Et as t,Gt as n,Mn as r,O as i,Ot as a,T as o,Xt as s,d as c,ft as l,h as u,mt as d,p as f,pt as p,zt as m}from"./shared-D3IEIQEw.js";import{t as h}from"./FosteringParts-C6EttHe9.js";import{J as g,R as _,W as v,z as y}from"./index-DpbU5mep.js";var b=e(r(),1),x=a();function S({items:e,onReload:n}){let r=t().fostering,a=c(),[d,p]=(0,b.useState)(!1),[,h]=s(y),g=e.filter(e=>e.daysTaken);return g.length===0&&!d?null:(0,x.jsxs)(`div`,{className:v.actions,children:[(0,x.jsx)(l,{onClick:()=>p(!0),children:r.rejectTaken(g.length)}),d&&(0,x.jsx)(u,{title:r.rejectTakenQuestion,onClose:()=>p(!1),children:(0,x.jsx)(o,{submit:r.reject,danger:!0,onCancel:()=>p(!1),onReload:n,onSubmit:async e=>{for(let{id:t,updatedAt:n}of g){let{error:r}=await h({id:t,reason:f(e,`reason`)||null,seen:n});if(r)return m(r)}a(r.rejected),p(!1)},children:(0,x.jsx)(i,{label:r.reason,name:`reason`,maxLength:2e3,optional:!0,defaultValue:r.takenReason})})})]})}var C=n(`
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
  `,[d,g]);function w(){let e=t().requests;return(0,x.jsx)(h,{query:C,text:e,action:(0,x.jsx)(p,{to:`/profile`,children:e.toMyCats}),above:S,children:(e,t)=>(0,x.jsx)(_,{data:e,onReload:t})})}export{w as RequestsPage};