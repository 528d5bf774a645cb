const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/PhotoDialog-DiYcA0fI.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-DafN4PSE.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Ct as n,Dt as r,Et as i,G as a,H as o,I as s,K as c,Kt as l,L as u,Lt as d,Nn as f,O as p,Ot as m,P as h,R as g,Sn as _,T as v,U as y,W as b,Zt as x,at as ee,c as S,d as C,h as te,ht as ne,i as w,jn as T,kn as E,kt as re,l as D,mt as O,o as ie,p as k,pt as ae,qt as A,rt as j,s as M,t as N,y as P,yt as F,z as I}from"./shared-DafN4PSE.js";import{t as L}from"./ReportButton-CbY8XqJ8.js";import{G as R,H as z,Q as B,U as V,Z as H,at as U,rt as W}from"./index-BP7IJ8nZ.js";var G=e(f(),1),K=re(),q=l(`
  fragment CarePlanLink on CatProfile {
    id
    owner {
      id
    }
    carePlan {
      updatedAt
    }
  }
`);function J({data:e,viewerId:t}){let n=r().carePlan,{id:i,owner:a,carePlan:o}=A(q,e);return!o&&a.id!==t?null:(0,K.jsx)(O,{small:!0,to:`/cats/${i}/care`,children:n.title})}var Y={gallery:`_gallery_1w3ru_2`,track:`_track_1w3ru_10`,choice:`_choice_1w3ru_48`,large:`_large_1w3ru_68`,turn:`_turn_1w3ru_93`};function X(){let e=(0,G.useRef)(null),[t,n]=(0,G.useState)(0);return{shown:t,show(t){let{current:n}=e;n?.scrollTo({left:t*n.clientWidth})},props:{ref:e,onScroll(){let{current:t}=e;t&&n(Math.round(t.scrollLeft/t.clientWidth))}}}}var oe=ie(()=>m(async()=>{let{PhotoDialog:e}=await import(`./PhotoDialog-DiYcA0fI.js`);return{PhotoDialog:e}},__vite__mapDeps([0,1,2])).then(({PhotoDialog:e})=>e),{skeleton:null}),se=`(min-width: 60rem) 42rem, 100vw`;function ce({data:e,own:t}){let n=r(),{id:i,name:a}=A(W,e),o=U(e),{shown:s,show:c,props:l}=X(),[u,d]=(0,G.useState)([]),[f,p]=(0,G.useState)(),m=o.filter(({src:e})=>!u.includes(e)).map((e,t)=>({...e,alt:e.alt||n.cat.photo(a,t+1)})),h=o.flatMap(({src:e},t)=>u.includes(e)?[t+1]:[]),g=e=>d(t=>[...t,e]);return(0,K.jsxs)(`div`,{className:Y.gallery,children:[m.length===0&&(0,K.jsx)(b,{alt:``,id:i}),m.length>0&&(0,K.jsx)(`ul`,{className:Y.track,...l,children:m.map((e,t)=>(0,K.jsx)(`li`,{children:(0,K.jsxs)(`button`,{type:`button`,onClick:()=>p(t),children:[(0,K.jsx)(b,{picture:e,alt:e.alt,id:i,sizes:se,first:t===0,onFailure:g}),(0,K.jsxs)(`span`,{className:`visually-hidden`,children:[` `,n.photo.enlarge]})]})},t))}),m.length>1&&(0,K.jsx)(`ul`,{className:Y.choice,children:m.map((e,t)=>(0,K.jsx)(`li`,{children:(0,K.jsx)(`button`,{type:`button`,"aria-label":n.cat.showPhoto(t+1),"aria-pressed":t===s,onClick:()=>c(t),children:(0,K.jsx)(b,{picture:e,alt:``,id:i,sizes:`5rem`,onFailure:g})})},t))}),t&&h.length>0&&(0,K.jsx)(`p`,{role:`status`,children:n.cat.photoFails(h.join(`, `))}),f!==void 0&&(0,K.jsx)(oe,{name:a,pictures:m,first:f,onClose:()=>p(void 0)})]})}var Z={page:`_page_7th2f_2`,details:`_details_7th2f_8`,header:`_header_7th2f_9`,request:`_request_7th2f_10`,care:`_care_7th2f_11`,heading:`_heading_7th2f_22`,facts:`_facts_7th2f_29`,actions:`_actions_7th2f_42`,owner:`_owner_7th2f_59`,own:`_own_7th2f_59`,report:`_report_7th2f_79`},Q=l(`
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
  `,[u,I,W,B]);function le({data:e,actions:t,children:n}){let i=r(),o=F(),l=A(Q,e);return(0,K.jsxs)(`div`,{className:Z.details,children:[(0,K.jsx)(ce,{data:l,own:!!t}),(0,K.jsxs)(`header`,{className:Z.header,children:[(0,K.jsxs)(`div`,{className:Z.heading,children:[(0,K.jsx)(j,{title:l.name,children:(0,K.jsx)(`bdi`,{children:l.name})}),(0,K.jsx)(a,{tone:l.available?`good`:`plain`,children:l.available?i.cat.available:i.cat.unavailable})]}),(0,K.jsxs)(`p`,{className:Z.facts,children:[(0,K.jsx)(`span`,{children:(0,K.jsx)(s,{data:l})}),(0,K.jsx)(c,{place:l.place,location:l.location}),(0,K.jsx)(`span`,{children:i.cat.since(o(l.createdAt))})]}),(0,K.jsx)(g,{data:l}),t]}),(0,K.jsx)(D,{text:l.description}),l.specialCareInstructions&&(0,K.jsxs)(`section`,{className:Z.care,children:[(0,K.jsx)(`h2`,{children:i.cat.specialCareInstructions}),(0,K.jsx)(D,{text:l.specialCareInstructions})]}),n,(0,K.jsxs)(`section`,{className:Z.owner,children:[(0,K.jsx)(H,{data:l.owner}),(0,K.jsxs)(`p`,{children:[i.cat.livesWith,` `,(0,K.jsx)(R,{...l.owner}),l.owner.email&&(0,K.jsxs)(K.Fragment,{children:[(0,K.jsx)(`br`,{}),(0,K.jsx)(ee,{address:l.owner.email})]})]})]})]})}var $=l(`
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
`),ue=l(`
    mutation RequestFostering($input: RequestFosteringInput!) {
      requestFostering(input: $input) {
        id
        catProfile {
          id
          ...CatRequest
        }
      }
    }
  `,[$]);function de({data:e,viewerId:n,onReload:r}){let{text:a,format:o}=i(),s=C(),c=A($,e),[,l]=x(ue),u=(0,G.useRef)(null),d=c.fosterings.edges[0]?.node,f=d&&d.participant.id===n&&V(d.status)?d:void 0;return c.viewerCanFoster?(0,K.jsxs)(`section`,{ref:u,tabIndex:-1,className:Z.request,children:[(0,K.jsx)(`h2`,{children:(0,K.jsx)(P,{text:a.fostering.askFor,name:c.name})}),(0,K.jsxs)(v,{draft:`request-${c.id}`,once:!0,submit:a.fostering.ask,onReload:r,onSubmit:async e=>{let{error:n}=await l({input:{catProfileId:c.id,startDate:k(e,`startDate`),endDate:k(e,`endDate`),message:k(e,`message`),idempotencyKey:k(e,`idempotencyKey`)}});if(n)return t(n);s((0,K.jsx)(P,{text:a.fostering.asked,name:c.owner.name})),u.current?.focus()},children:[(0,K.jsx)(M,{taken:c.promisedPeriods,vaccinatedUntil:c.vaccinatedUntil}),(0,K.jsx)(p,{label:a.fostering.message,name:`message`,maxLength:h,optional:!0,hint:(0,K.jsx)(P,{text:a.fostering.messageHint,name:c.owner.name})})]})]}):(0,K.jsxs)(`section`,{ref:u,tabIndex:-1,className:Z.request,children:[(0,K.jsx)(`h2`,{children:a.fostering.freeDays}),f?(0,K.jsxs)(`p`,{className:Z.own,children:[a.fostering.yours,` `,(0,K.jsx)(`strong`,{children:o.period(f)}),` `,(0,K.jsx)(z,{...f}),` `,(0,K.jsx)(_,{to:`/fosterings`,children:a.nav.fosterings})]}):!c.available&&(0,K.jsx)(`p`,{children:(0,K.jsx)(P,{text:a.fostering.notAvailable,name:c.name})}),(0,K.jsx)(S,{taken:c.promisedPeriods})]})}var fe=l(`
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
  `,[ne,Q,$,q]),pe=l(`
  mutation DeleteCat($id: ID!, $seen: Time) {
    deleteCatProfile(id: $id, expectedUpdatedAt: $seen)
  }
`);function me(){let{id:e}=T();return(0,K.jsx)(he,{id:e},e)}function he({id:e}){let t=d(fe,{id:e});return(0,K.jsx)(N,{loaded:t,skeleton:(0,K.jsx)(_e,{}),children:e=>{let r=e.catProfile;if(!r)return(0,K.jsx)(w,{});let i=n(e).id;return(0,K.jsxs)(`article`,{className:Z.page,children:[(0,K.jsx)(le,{data:r,actions:r.viewerCanEdit&&(0,K.jsx)(ge,{id:r.id,name:r.name,seen:r.updatedAt,onReload:t.reload}),children:(0,K.jsx)(J,{data:r,viewerId:i})}),(0,K.jsx)(de,{data:r,viewerId:i,onReload:t.reload}),r.owner.id!==i&&(0,K.jsx)(`div`,{className:Z.report,children:(0,K.jsx)(L,{subjectId:r.id})})]})}})}function ge({id:e,name:n,seen:i,onReload:a}){let o=r(),s=E(),c=C(),[l,u]=(0,G.useState)(!1),[,d]=x(pe);return(0,K.jsxs)(`div`,{className:Z.actions,children:[(0,K.jsx)(O,{small:!0,to:`/cats/${e}/edit`,children:o.ui.edit}),(0,K.jsx)(ae,{small:!0,onClick:()=>u(!0),children:o.ui.delete}),l&&(0,K.jsxs)(te,{title:(0,K.jsx)(P,{text:o.cat.deleteQuestion,name:n}),onClose:()=>u(!1),children:[(0,K.jsx)(`p`,{children:o.cat.deleteWarning}),(0,K.jsx)(v,{submit:o.ui.delete,danger:!0,onReload:a,onCancel:()=>u(!1),onSubmit:async()=>{let{error:r}=await d({id:e,seen:i});if(r)return t(r);c((0,K.jsx)(P,{text:o.cat.deleted,name:n})),await s(`/profile`,{replace:!0})}})]})]})}function _e(){return(0,K.jsxs)(`div`,{className:Z.page,children:[(0,K.jsx)(o,{}),(0,K.jsx)(y,{lines:5})]})}export{me as CatPage,Y as n,X as t};