import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Et as t,Gt as n,O as r,Ot as i,T as a,Xt as o,d as s,ft as c,h as l,jn as u,mt as d,p as f,pt as p,zt as m}from"./shared-qVqdcmQF.js";import{t as h}from"./FosteringParts-DzFoHMok.js";import{J as g,R as _,W as v,z as y}from"./index-DgYNLn-4.js";var b=e(u(),1),x=i();function S({items:e,onReload:n}){let i=t().fostering,u=s(),[d,p]=(0,b.useState)(!1),[,h]=o(y),g=e.filter(e=>e.daysTaken);return g.length===0&&!d?null:(0,x.jsxs)(`div`,{className:v.actions,children:[(0,x.jsx)(c,{onClick:()=>p(!0),children:i.rejectTaken(g.length)}),d&&(0,x.jsx)(l,{title:i.rejectTakenQuestion,onClose:()=>p(!1),children:(0,x.jsx)(a,{submit:i.reject,danger:!0,onCancel:()=>p(!1),onReload:n,onSubmit:async e=>{for(let{id:t,updatedAt:n}of g){let{error:r}=await h({id:t,reason:f(e,`reason`)||null,seen:n});if(r)return m(r)}u(i.rejected),p(!1)},children:(0,x.jsx)(r,{label:i.reason,name:`reason`,maxLength:2e3,optional:!0,defaultValue:i.takenReason})})})]})}var C=n(`
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