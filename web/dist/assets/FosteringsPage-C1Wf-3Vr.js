import{Dt as e,Kt as t,ht as n,kt as r,mt as i}from"./shared-DafN4PSE.js";import{t as a}from"./FosteringParts-Dgc2u1b9.js";import{B as o,V as s}from"./index-BP7IJ8nZ.js";var c=r(),l=t(`
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
  `,[n,s]);function u(){let t=e();return(0,c.jsx)(a,{query:l,text:t.fosterings,action:(0,c.jsx)(i,{kind:`primary`,to:`/cats?available=true`,children:t.ui.toCats}),children:(e,t)=>(0,c.jsx)(o,{data:e,onReload:t})})}export{u as FosteringsPage};