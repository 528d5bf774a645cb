const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ModerationActions-UbtfOUQG.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-DafN4PSE.js","assets/text-DtNrGbHA.js","assets/MemberReports-YGrYVBdb.js","assets/index-BP7IJ8nZ.js","assets/ReferenceFragment-CTfrKscG.js","assets/Queue.module-2PWwWVr3.js","assets/AuditLog-6gG5C_f2.js","assets/BlockActions-BO458x06.js","assets/BlockFragment-BsQPyMYh.js","assets/Unblock-CV82ihkD.js"])))=>i.map(i=>d[i]);
import{Dt as e,Et as t,Kt as n,Lt as r,Ot as i,U as a,_ as o,ht as s,i as c,jn as l,kt as u,o as d,qt as f,t as p,v as m,y as h}from"./shared-DafN4PSE.js";import{n as g,t as _}from"./AdminActions-C8Oxjx2e.js";import{t as v}from"./ReportButton-CbY8XqJ8.js";import{t as y}from"./BlockFragment-BsQPyMYh.js";import{a as b,i as x,n as S,o as C,r as w,t as T}from"./PersonReferences-DFEwaZPj.js";import{H as E}from"./index-BP7IJ8nZ.js";var D=n(`
  fragment ModerationActions on User {
    id
    name
    isAdmin
    isModerator
    suspension {
      until
      reason
    }
  }
`),O=u(),k=n(`
    fragment PersonHistory on User {
      fosterings(first: 10) {
        edges {
          node {
            id
            startDate
            endDate
            status
            catProfile {
              id
              ...CatLink
            }
          }
        }
      }
    }
  `,[m]);function A({data:e}){let{text:n,format:r}=t(),i=f(k,e).fosterings.edges.map(e=>e.node);return i.length===0?null:(0,O.jsxs)(`section`,{className:C.section,children:[(0,O.jsx)(`h2`,{children:n.person.history}),(0,O.jsx)(`ul`,{className:C.history,children:i.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{children:(0,O.jsx)(o,{data:e.catProfile})}),(0,O.jsx)(`span`,{children:r.period(e)}),(0,O.jsx)(E,{...e})]},e.id))})]})}var j=d(()=>i(async()=>{let{ModerationActions:e}=await import(`./ModerationActions-UbtfOUQG.js`);return{ModerationActions:e}},__vite__mapDeps([0,1,2,3])).then(({ModerationActions:e})=>e),{skeleton:null}),M=d(()=>i(async()=>{let{MemberReports:e}=await import(`./MemberReports-YGrYVBdb.js`);return{MemberReports:e}},__vite__mapDeps([4,2,1,5,6,7,3])).then(({MemberReports:e})=>e),{skeleton:null}),N=d(()=>i(async()=>{let{AuditLog:e}=await import(`./AuditLog-6gG5C_f2.js`);return{AuditLog:e}},__vite__mapDeps([8,2,1,5,6,3])).then(({AuditLog:e})=>e),{skeleton:null}),P=d(()=>i(async()=>{let{BlockActions:e}=await import(`./BlockActions-BO458x06.js`);return{BlockActions:e}},__vite__mapDeps([9,1,2,10,11])).then(({BlockActions:e})=>e),{skeleton:null}),F=n(`
    query Person($id: ID!) {
      ...Viewer
      me {
        id
        isSuperAdmin
        isModerator
      }
      user(id: $id) {
        id
        name
        ...Person
        ...PersonCats
        ...PersonHistory
        ...AdminActions
        ...ModerationActions
        viewerHasBlocked
        ...Block
      }
    }
  `,[s,b,w,k,g,D,y]);function I(){let{id:e}=l();return(0,O.jsx)(L,{id:e},e)}function L({id:t}){let n=e().person,i=r(F,{id:t});return(0,O.jsx)(p,{loaded:i,skeleton:(0,O.jsx)(a,{lines:6}),children:({me:e,user:t})=>t?(0,O.jsxs)(`div`,{className:C.page,children:[(0,O.jsx)(x,{data:t,hidden:t.viewerHasBlocked,actions:(e.isSuperAdmin||e.id!==t.id)&&(0,O.jsxs)(O.Fragment,{children:[e.isSuperAdmin&&(0,O.jsx)(_,{data:t}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(j,{data:t}),e.id!==t.id&&(0,O.jsx)(P,{data:t}),e.id!==t.id&&(0,O.jsx)(v,{subjectId:t.id})]})}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(M,{id:t.id}),e.isSuperAdmin&&(0,O.jsx)(N,{subjectId:t.id}),t.viewerHasBlocked?(0,O.jsx)(`p`,{children:n.blocked}):(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(T,{id:t.id}),(0,O.jsx)(A,{data:t}),(0,O.jsx)(S,{data:t,title:(0,O.jsx)(h,{text:n.cats,name:t.name}),empty:(0,O.jsx)(`p`,{children:(0,O.jsx)(h,{text:n.noCats,name:t.name})})})]})]}):(0,O.jsx)(c,{})})}export{I as PersonPage,D as t};