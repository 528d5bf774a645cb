const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/PhotoDialog-CNDzd09d.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-94jfGhsW.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{B as t,Bt as n,Ct as r,Dn as i,Dt as a,Et as o,G as s,H as c,J as l,K as u,Kt as d,L as f,Lt as p,O as m,Ot as h,S as g,V as _,Y as v,Zt as y,at as ee,c as te,d as b,g as x,ht as ne,j as S,jn as C,kn as w,kt as re,l as ie,m as ae,mt as T,o as oe,p as E,pt as D,q as O,qt as k,t as A,u as j,v as M,xn as N,yt as P,z as F}from"./shared-94jfGhsW.js";import{t as I}from"./ReportButton-hoIB9Znm.js";import{G as L,H as R,Q as z,U as B,Z as V,at as H,rt as U}from"./index-BPsbRwYK.js";var W=e(C(),1),G=re(),K=d(`
  fragment CarePlanLink on CatProfile {
    id
    owner {
      id
    }
    carePlan {
      updatedAt
    }
  }
`);function q({data:e,viewerId:t}){let n=a().carePlan,{id:r,owner:i,carePlan:o}=k(K,e);return!o&&i.id!==t?null:(0,G.jsx)(T,{small:!0,to:`/cats/${r}/care`,children:n.title})}var J={gallery:`_gallery_1w3ru_2`,track:`_track_1w3ru_10`,choice:`_choice_1w3ru_48`,large:`_large_1w3ru_68`,turn:`_turn_1w3ru_93`};function Y(){let e=(0,W.useRef)(null),[t,n]=(0,W.useState)(0);return{shown:t,show(t){let{current:n}=e;n?.scrollTo({left:t*n.clientWidth})},props:{ref:e,onScroll(){let{current:t}=e;t&&n(Math.round(t.scrollLeft/t.clientWidth))}}}}var se=te(()=>h(async()=>{let{PhotoDialog:e}=await import(`./PhotoDialog-CNDzd09d.js`);return{PhotoDialog:e}},__vite__mapDeps([0,1,2])).then(({PhotoDialog:e})=>e),{skeleton:null}),ce=`(min-width: 60rem) 42rem, 100vw`;function le({data:e,own:t}){let n=a(),{id:r,name:i}=k(U,e),o=H(e),{shown:s,show:c,props:l}=Y(),[u,d]=(0,W.useState)([]),[f,p]=(0,W.useState)(),m=o.filter(({src:e})=>!u.includes(e)).map((e,t)=>({...e,alt:e.alt||n.cat.photo(i,t+1)})),h=o.flatMap(({src:e},t)=>u.includes(e)?[t+1]:[]),g=e=>d(t=>[...t,e]);return(0,G.jsxs)(`div`,{className:J.gallery,children:[m.length===0&&(0,G.jsx)(O,{alt:``,id:r}),m.length>0&&(0,G.jsx)(`ul`,{className:J.track,...l,children:m.map((e,t)=>(0,G.jsx)(`li`,{children:(0,G.jsxs)(`button`,{type:`button`,onClick:()=>p(t),children:[(0,G.jsx)(O,{picture:e,alt:e.alt,id:r,sizes:ce,first:t===0,onFailure:g}),(0,G.jsxs)(`span`,{className:`visually-hidden`,children:[` `,n.photo.enlarge]})]})},t))}),m.length>1&&(0,G.jsx)(`ul`,{className:J.choice,children:m.map((e,t)=>(0,G.jsx)(`li`,{children:(0,G.jsx)(`button`,{type:`button`,"aria-label":n.cat.showPhoto(t+1),"aria-pressed":t===s,onClick:()=>c(t),children:(0,G.jsx)(O,{picture:e,alt:``,id:r,sizes:`5rem`,onFailure:g})})},t))}),t&&h.length>0&&(0,G.jsx)(`p`,{role:`status`,children:n.cat.photoFails(h.join(`, `))}),f!==void 0&&(0,G.jsx)(se,{name:i,pictures:m,first:f,onClose:()=>p(void 0)})]})}var X={page:`_page_7th2f_2`,details:`_details_7th2f_8`,header:`_header_7th2f_9`,request:`_request_7th2f_10`,care:`_care_7th2f_11`,heading:`_heading_7th2f_22`,facts:`_facts_7th2f_29`,actions:`_actions_7th2f_42`,owner:`_owner_7th2f_59`,own:`_own_7th2f_59`,report:`_report_7th2f_79`},Z=d(`
    fragment CatDetails on CatProfile {
      id
      name
      ...CatAge
      ...CatFacts
      description
      specialCareInstructions
      ...CatPhotos
      location
      place {
        id
        name
      }
      available
      createdAt
      owner {
        id
        name
        email
        ...Portrait
      }
    }
  `,[t,c,U,z]);function ue({data:e,actions:t,children:n}){let r=a(),i=P(),o=k(Z,e);return(0,G.jsxs)(`div`,{className:X.details,children:[(0,G.jsx)(le,{data:o,own:!!t}),(0,G.jsxs)(`header`,{className:X.header,children:[(0,G.jsxs)(`div`,{className:X.heading,children:[(0,G.jsx)(ee,{title:o.name,children:(0,G.jsx)(`bdi`,{children:o.name})}),(0,G.jsx)(l,{tone:o.available?`good`:`plain`,children:o.available?r.cat.available:r.cat.unavailable})]}),(0,G.jsxs)(`p`,{className:X.facts,children:[(0,G.jsx)(`span`,{children:(0,G.jsx)(F,{data:o})}),(0,G.jsx)(v,{place:o.place,location:o.location}),(0,G.jsx)(`span`,{children:r.cat.since(i(o.createdAt))})]}),(0,G.jsx)(_,{data:o}),t]}),(0,G.jsx)(b,{text:o.description}),o.specialCareInstructions&&(0,G.jsxs)(`section`,{className:X.care,children:[(0,G.jsx)(`h2`,{children:r.cat.specialCareInstructions}),(0,G.jsx)(b,{text:o.specialCareInstructions})]}),n,(0,G.jsxs)(`section`,{className:X.owner,children:[(0,G.jsx)(V,{data:o.owner}),(0,G.jsxs)(`p`,{children:[r.cat.livesWith,` `,(0,G.jsx)(L,{...o.owner}),o.owner.email&&(0,G.jsxs)(G.Fragment,{children:[(0,G.jsx)(`br`,{}),(0,G.jsx)(ae,{address:o.owner.email})]})]})]})]})}var Q=d(`
  fragment CatRequest on CatProfile {
    id
    name
    available
    vaccinatedUntil
    owner {
      id
      name
    }
    promisedPeriods {
      startDate
      endDate
    }
    viewerCanFoster
    fosterings(first: 1) {
      edges {
        node {
          id
          startDate
          endDate
          status
          participant {
            id
          }
        }
      }
    }
  }
`),de=d(`
    mutation RequestFostering($input: RequestFosteringInput!) {
      requestFostering(input: $input) {
        id
        catProfile {
          id
          ...CatRequest
        }
      }
    }
  `,[Q]);function fe({data:e,viewerId:t,onReload:r}){let{text:i,format:a}=o(),s=E(),c=k(Q,e),[,l]=y(de),u=(0,W.useRef)(null),d=c.fosterings.edges[0]?.node,p=d&&d.participant.id===t&&B(d.status)?d:void 0;return c.viewerCanFoster?(0,G.jsxs)(`section`,{ref:u,tabIndex:-1,className:X.request,children:[(0,G.jsx)(`h2`,{children:(0,G.jsx)(g,{text:i.fostering.askFor,name:c.name})}),(0,G.jsxs)(m,{draft:`request-${c.id}`,once:!0,submit:i.fostering.ask,onReload:r,onSubmit:async e=>{let{error:t}=await l({input:{catProfileId:c.id,startDate:x(e,`startDate`),endDate:x(e,`endDate`),message:x(e,`message`),idempotencyKey:x(e,`idempotencyKey`)}});if(t)return n(t);s((0,G.jsx)(g,{text:i.fostering.asked,name:c.owner.name})),u.current?.focus()},children:[(0,G.jsx)(ie,{taken:c.promisedPeriods,vaccinatedUntil:c.vaccinatedUntil}),(0,G.jsx)(S,{label:i.fostering.message,name:`message`,maxLength:f,optional:!0,hint:(0,G.jsx)(g,{text:i.fostering.messageHint,name:c.owner.name})})]})]}):(0,G.jsxs)(`section`,{ref:u,tabIndex:-1,className:X.request,children:[(0,G.jsx)(`h2`,{children:i.fostering.freeDays}),p?(0,G.jsxs)(`p`,{className:X.own,children:[i.fostering.yours,` `,(0,G.jsx)(`strong`,{children:a.period(p)}),` `,(0,G.jsx)(R,{...p}),` `,(0,G.jsx)(N,{to:`/fosterings`,children:i.nav.fosterings})]}):!c.available&&(0,G.jsx)(`p`,{children:(0,G.jsx)(g,{text:i.fostering.notAvailable,name:c.name})}),(0,G.jsx)(j,{taken:c.promisedPeriods})]})}var pe=d(`
    query Cat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        updatedAt
        owner {
          id
        }
        ...CatDetails
        ...CatRequest
        ...CarePlanLink
      }
    }
  `,[ne,Z,Q,K]),me=d(`
  mutation DeleteCat($id: ID!, $seen: Time) {
    deleteCatProfile(id: $id, expectedUpdatedAt: $seen)
  }
`);function he(){let{id:e}=w();return(0,G.jsx)(ge,{id:e},e)}function ge({id:e}){let t=p(pe,{id:e});return(0,G.jsx)(A,{loaded:t,skeleton:(0,G.jsx)(_e,{}),children:e=>{let n=e.catProfile;if(!n)return(0,G.jsx)(oe,{});let i=r(e).id;return(0,G.jsxs)(`article`,{className:X.page,children:[(0,G.jsx)(ue,{data:n,actions:n.viewerCanEdit&&(0,G.jsx)($,{id:n.id,name:n.name,seen:n.updatedAt,onReload:t.reload}),children:(0,G.jsx)(q,{data:n,viewerId:i})}),(0,G.jsx)(fe,{data:n,viewerId:i,onReload:t.reload}),n.owner.id!==i&&(0,G.jsx)(`div`,{className:X.report,children:(0,G.jsx)(I,{subjectId:n.id})})]})}})}function $({id:e,name:t,seen:r,onReload:o}){let s=a(),c=i(),l=E(),[u,d]=(0,W.useState)(!1),[,f]=y(me);return(0,G.jsxs)(`div`,{className:X.actions,children:[(0,G.jsx)(T,{small:!0,to:`/cats/${e}/edit`,children:s.ui.edit}),(0,G.jsx)(D,{small:!0,onClick:()=>d(!0),children:s.ui.delete}),u&&(0,G.jsxs)(M,{title:(0,G.jsx)(g,{text:s.cat.deleteQuestion,name:t}),onClose:()=>d(!1),children:[(0,G.jsx)(`p`,{children:s.cat.deleteWarning}),(0,G.jsx)(m,{submit:s.ui.delete,danger:!0,onReload:o,onCancel:()=>d(!1),onSubmit:async()=>{let{error:i}=await f({id:e,seen:r});if(i)return n(i);l((0,G.jsx)(g,{text:s.cat.deleted,name:t})),await c(`/profile`,{replace:!0})}})]})]})}function _e(){return(0,G.jsxs)(`div`,{className:X.page,children:[(0,G.jsx)(s,{}),(0,G.jsx)(u,{lines:5})]})}export{he as CatPage,J as n,Y as t};