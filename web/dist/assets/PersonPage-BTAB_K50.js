const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ModerationActions-B6dE6D_I.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-94jfGhsW.js","assets/text-C3BL5ghm.js","assets/MemberReports-mgRwVJ19.js","assets/index-BPsbRwYK.js","assets/ReferenceFragment-BdnHMYwN.js","assets/Queue.module-2PWwWVr3.js","assets/BlockActions-Vew-xYJl.js","assets/BlockFragment-CJfSNw1P.js","assets/Unblock-3RB-wxWF.js"])))=>i.map(i=>d[i]);
import{Dt as e,Et as t,K as n,Kt as r,Lt as i,Ot as a,S as o,b as s,c,ht as l,kn as u,kt as d,n as f,o as p,qt as m,r as h,t as g,x as _}from"./shared-94jfGhsW.js";import{t as v}from"./ReportButton-hoIB9Znm.js";import{t as y}from"./BlockFragment-CJfSNw1P.js";import{a as b,i as x,n as S,o as C,r as w,t as T}from"./PersonReferences-vnGXfyMO.js";import{H as E}from"./index-BPsbRwYK.js";var D=r(`
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
`),O=d(),k=r(`
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
  `,[_]);function A({data:e}){let{text:n,format:r}=t(),i=m(k,e).fosterings.edges.map(e=>e.node);return i.length===0?null:(0,O.jsxs)(`section`,{className:C.section,children:[(0,O.jsx)(`h2`,{children:n.person.history}),(0,O.jsx)(`ul`,{className:C.history,children:i.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{children:(0,O.jsx)(s,{data:e.catProfile})}),(0,O.jsx)(`span`,{children:r.period(e)}),(0,O.jsx)(E,{...e})]},e.id))})]})}var j=c(()=>a(async()=>{let{ModerationActions:e}=await import(`./ModerationActions-B6dE6D_I.js`);return{ModerationActions:e}},__vite__mapDeps([0,1,2,3])).then(({ModerationActions:e})=>e),{skeleton:null}),M=c(()=>a(async()=>{let{MemberReports:e}=await import(`./MemberReports-mgRwVJ19.js`);return{MemberReports:e}},__vite__mapDeps([4,2,1,5,6,7,3])).then(({MemberReports:e})=>e),{skeleton:null}),N=c(()=>a(async()=>{let{BlockActions:e}=await import(`./BlockActions-Vew-xYJl.js`);return{BlockActions:e}},__vite__mapDeps([8,1,2,9,10])).then(({BlockActions:e})=>e),{skeleton:null}),P=r(`
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
  `,[l,b,w,k,h,D,y]);function F(){let{id:e}=u();return(0,O.jsx)(I,{id:e},e)}function I({id:t}){let r=e().person,a=i(P,{id:t});return(0,O.jsx)(g,{loaded:a,skeleton:(0,O.jsx)(n,{lines:6}),children:({me:e,user:t})=>t?(0,O.jsxs)(`div`,{className:C.page,children:[(0,O.jsx)(x,{data:t,hidden:t.viewerHasBlocked,actions:(e.isSuperAdmin||e.id!==t.id)&&(0,O.jsxs)(O.Fragment,{children:[e.isSuperAdmin&&(0,O.jsx)(f,{data:t}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(j,{data:t}),e.id!==t.id&&(0,O.jsx)(N,{data:t}),e.id!==t.id&&(0,O.jsx)(v,{subjectId:t.id})]})}),e.isModerator&&e.id!==t.id&&(0,O.jsx)(M,{id:t.id}),t.viewerHasBlocked?(0,O.jsx)(`p`,{children:r.blocked}):(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(T,{id:t.id}),(0,O.jsx)(A,{data:t}),(0,O.jsx)(S,{data:t,title:(0,O.jsx)(o,{text:r.cats,name:t.name}),empty:(0,O.jsx)(`p`,{children:(0,O.jsx)(o,{text:r.noCats,name:t.name})})})]})]}):(0,O.jsx)(p,{})})}export{F as PersonPage,D as t};