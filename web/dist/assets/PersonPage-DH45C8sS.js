const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ModerationActions-CF7TrzF9.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-D3IEIQEw.js","assets/text-C_2fJxln.js","assets/MemberReports-5cJ62RrY.js","assets/index-DpbU5mep.js","assets/ReferenceFragment-oXxfBG_E.js","assets/Queue.module-2PWwWVr3.js","assets/AuditLog-D9abfnu9.js","assets/BlockActions-DLUKG9fP.js","assets/BlockFragment-BG0QncRw.js","assets/Unblock-BqUsm1Y8.js"])))=>i.map(i=>d[i]);
import{An as e,Dt as t,Et as n,Gt as r,It as i,Kt as a,Ot as o,Tt as s,U as c,_ as l,i as u,mt as d,o as f,t as p,v as m,y as h}from"./shared-D3IEIQEw.js";import{n as g,t as _}from"./AdminActions-xh0e7FXQ.js";import{t as v}from"./ReportButton-DuTpjz3d.js";import{t as y}from"./BlockFragment-BG0QncRw.js";import{a as b,i as x,n as S,o as C,r as w,t as T}from"./PersonReferences-DBYFMWA7.js";import{H as E}from"./index-DpbU5mep.js";var D=r(`
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
`),O=o(),k=r(`
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
  `,[m]);function A({data:e}){let{text:t,format:n}=s(),r=a(k,e).fosterings.edges.map(e=>e.node);return r.length===0?null:(0,O.jsxs)(`section`,{className:C.section,children:[(0,O.jsx)(`h2`,{children:t.person.history}),(0,O.jsx)(`ul`,{className:C.history,children:r.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{children:(0,O.jsx)(l,{data:e.catProfile})}),(0,O.jsx)(`span`,{children:n.period(e)}),(0,O.jsx)(E,{...e})]},e.id))})]})}var j=f(()=>t(async()=>{let{ModerationActions:e}=await import(`./ModerationActions-CF7TrzF9.js`);return{ModerationActions:e}},__vite__mapDeps([0,1,2,3])).then(({ModerationActions:e})=>e),{skeleton:null}),M=f(()=>t(async()=>{let{MemberReports:e}=await import(`./MemberReports-5cJ62RrY.js`);return{MemberReports:e}},__vite__mapDeps([4,2,1,5,6,7,3])).then(({MemberReports:e})=>e),{skeleton:null}),N=f(()=>t(async()=>{let{AuditLog:e}=await import(`./AuditLog-D9abfnu9.js`);return{AuditLog:e}},__vite__mapDeps([8,2,1,5,6,3])).then(({AuditLog:e})=>e),{skeleton:null}),P=f(()=>t(async()=>{let{BlockActions:e}=await import(`./BlockActions-DLUKG9fP.js`);return{BlockActions:e}},__vite__mapDeps([9,1,2,10,11])).then(({BlockActions:e})=>e),{skeleton:null}),F=r(`
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
  `,[d,b,w,k,g,D,y]);function I(){let{id:t}=e();return(0,O.jsx)(L,{id:t},t)}function L({id:e}){let t=n().person,r=i(F,{id:e});return(0,O.jsx)(p,{loaded:r,skeleton:(0,O.jsx)(c,{lines:6}),children:({me:e,user:n})=>n?(0,O.jsxs)(`div`,{className:C.page,children:[(0,O.jsx)(x,{data:n,hidden:n.viewerHasBlocked,actions:(e.isSuperAdmin||e.id!==n.id)&&(0,O.jsxs)(O.Fragment,{children:[e.isSuperAdmin&&(0,O.jsx)(_,{data:n}),e.isModerator&&e.id!==n.id&&(0,O.jsx)(j,{data:n}),e.id!==n.id&&(0,O.jsx)(P,{data:n}),e.id!==n.id&&(0,O.jsx)(v,{subjectId:n.id})]})}),e.isModerator&&e.id!==n.id&&(0,O.jsx)(M,{id:n.id}),e.isSuperAdmin&&(0,O.jsx)(N,{subjectId:n.id}),n.viewerHasBlocked?(0,O.jsx)(`p`,{children:t.blocked}):(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(T,{id:n.id}),(0,O.jsx)(A,{data:n}),(0,O.jsx)(S,{data:n,title:(0,O.jsx)(h,{text:t.cats,name:n.name}),empty:(0,O.jsx)(`p`,{children:(0,O.jsx)(h,{text:t.noCats,name:n.name})})})]})]}):(0,O.jsx)(u,{})})}export{I as PersonPage,D as t};