import{Et as e,Gt as t,Ot as n,mt as r,pt as i}from"./shared-D3IEIQEw.js";import{t as a}from"./FosteringParts-C6EttHe9.js";import{B as o,V as s}from"./index-DpbU5mep.js";var c=n(),l=t(`
    query Fosterings($first: Int!, $after: Cursor, $status: [FosteringStatus!], $orderBy: FosteringOrder) {
      ...Viewer
      fosterings(first: $first, after: $after, filter: { role: PARTICIPANT, status: $status }, orderBy: $orderBy) {
        edges {
          node {
            id
            ...MyFostering
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,[r,s]);function u(){let t=e();return(0,c.jsx)(a,{query:l,text:t.fosterings,action:(0,c.jsx)(i,{kind:`primary`,to:`/cats?available=true`,children:t.ui.toCats}),children:(e,t)=>(0,c.jsx)(o,{data:e,onReload:t})})}export{u as FosteringsPage};