const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ModerationActions-VW6jGyrs.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-qVqdcmQF.js","assets/text-CZ0FNOFe.js","assets/MemberReports-RJIf8kf1.js","assets/index-DgYNLn-4.js","assets/ReferenceFragment-jdY14i_s.js","assets/Queue.module-2PWwWVr3.js","assets/AuditLog-CAoCS9u6.js","assets/BlockActions-CWrfuAVZ.js","assets/BlockFragment-DAZxBEMb.js","assets/Unblock-DmsgKvWe.js"])))=>i.map(i=>d[i]);
import{Dt as e,Et as t,Gt as n,It as r,Kt as i,Ot as a,Tt as o,U as s,_ as c,i as l,kn as u,mt as d,o as f,t as p,v as m,y as h}from"./shared-qVqdcmQF.js";import{n as g,t as _}from"./AdminActions-q4x7Qc4n.js";import{t as v}from"./ReportButton-B-eGYwgr.js";import{t as y}from"./BlockFragment-DAZxBEMb.js";import{a as b,i as x,n as S,o as C,r as w,t as T}from"./PersonReferences-Dw1tuZz0.js";import{H as E}from"./index-DgYNLn-4.js";var D=n(`
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
`),O=a(),k=n(`
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
  `,[m]);function A({data:e}){let{text:t,format:n}=o(),r=i(k,e).fosterings.edges.map(e=>e.node);return r.length===0?null:(0,O.jsxs)(`section`,{className:C.section,children:[(0,O.jsx)(`h2`,{children:t.person.history}),(0,O.jsx)(`ul`,{className:C.history,children:r.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{children:(0,O.jsx)(c,{data:e.catProfile})}),(0,O.jsx)(`span`,{children:n.period(e)}),(0,O.jsx)(E,{...e})]},e.id))})]})}var j=f(()=>e(async()=>{let{ModerationActions:e}=await import(`./ModerationActions-VW6jGyrs.js`);return{ModerationActions:e}},__vite__mapDeps([0,1,2,3])).then(({ModerationActions:e})=>e),{skeleton:null}),M=f(()=>e(async()=>{let{MemberReports:e}=await import(`./MemberReports-RJIf8kf1.js`);return{MemberReports:e}},__vite__mapDeps([4,2,1,5,6,7,3])).then(({MemberReports:e})=>e),{skeleton:null}),N=f(()=>e(async()=>{let{AuditLog:e}=await import(`./AuditLog-CAoCS9u6.js`);return{AuditLog:e}},__vite__mapDeps([8,2,1,5,6,3])).then(({AuditLog:e})=>e),{skeleton:null}),P=f(()=>e(async()=>{let{BlockActions:e}=await import(`./BlockActions-CWrfuAVZ.js`);return{BlockActions:e}},__vite__mapDeps([9,1,2,10,11])).then(({BlockActions:e})=>e),{skeleton:null}),F=n(`
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
  `,[d,b,w,k,g,D,y]);function I(){let{id:e}=u();return(0,O.jsx)(L,{id:e},e)}function L({id:e}){let n=t().person,i=r(F,{id:e});return(0,O.jsx)(p,{loaded:i,skeleton:(0,O.jsx)(s,{lines:6}),children:({me:e,user:t})=>t?(0,O.jsxs)(`div`,{className:C.page,children:[(0,O.jsx)(x,{data:t,hidden:t.viewerHasBlocked,actions:(e.isSuperAdmin||e.id!==t.id)&&(0,O.jsxs)(O.Fragment,{children:[e.isSuperAdmin&&(0,O.jsx)(_,{data:t}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(j,{data:t}),e.id!==t.id&&(0,O.jsx)(P,{data:t}),e.id!==t.id&&(0,O.jsx)(v,{subjectId:t.id})]})}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(M,{id:t.id}),e.isSuperAdmin&&(0,O.jsx)(N,{subjectId:t.id}),t.viewerHasBlocked?(0,O.jsx)(`p`,{children:n.blocked}):(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(T,{id:t.id}),(0,O.jsx)(A,{data:t}),(0,O.jsx)(S,{data:t,title:(0,O.jsx)(h,{text:n.cats,name:t.name}),empty:(0,O.jsx)(`p`,{children:(0,O.jsx)(h,{text:n.noCats,name:t.name})})})]})]}):(0,O.jsx)(l,{})})}export{I as PersonPage,D as t};