const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/PhotoDialog-C1_KbstB.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-D3IEIQEw.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{An as t,Dt as n,Et as r,G as i,Gt as a,H as o,I as s,It as c,K as l,Kt as u,L as d,Mn as f,O as p,On as m,Ot as h,P as g,R as _,St as ee,T as v,Tt as te,U as y,W as b,Xt as x,c as ne,d as S,ft as C,h as w,i as T,it as E,l as D,mt as re,nt as ie,o as ae,p as O,pt as k,s as oe,t as A,vt as j,xn as M,y as N,z as P,zt as F}from"./shared-D3IEIQEw.js";import{t as I}from"./ReportButton-DuTpjz3d.js";import{G as L,H as R,Q as z,U as B,Z as V,at as H,rt as U}from"./index-DpbU5mep.js";var W=e(f(),1),G=h(),K=a(`
  fragment CarePlanLink on CatProfile {
    id
    owner {
      id
    }
    carePlan {
      updatedAt
    }
  }
`);function q({data:e,viewerId:t}){let n=r().carePlan,{id:i,owner:a,carePlan:o}=u(K,e);return!o&&a.id!==t?null:(0,G.jsx)(k,{small:!0,to:`/cats/${i}/care`,children:n.title})}var J={gallery:`_gallery_1w3ru_2`,track:`_track_1w3ru_10`,choice:`_choice_1w3ru_48`,large:`_large_1w3ru_68`,turn:`_turn_1w3ru_93`};function Y(){let e=(0,W.useRef)(null),[t,n]=(0,W.useState)(0);return{shown:t,show(t){let{current:n}=e;n?.scrollTo({left:t*n.clientWidth})},props:{ref:e,onScroll(){let{current:t}=e;t&&n(Math.round(t.scrollLeft/t.clientWidth))}}}}var se=ae(()=>n(async()=>{let{PhotoDialog:e}=await import(`./PhotoDialog-C1_KbstB.js`);return{PhotoDialog:e}},__vite__mapDeps([0,1,2])).then(({PhotoDialog:e})=>e),{skeleton:null}),ce=`(min-width: 60rem) 42rem, 100vw`;function le({data:e,own:t}){let n=r(),{id:i,name:a}=u(U,e),o=H(e),{shown:s,show:c,props:l}=Y(),[d,f]=(0,W.useState)([]),[p,m]=(0,W.useState)(),h=o.filter(({src:e})=>!d.includes(e)).map((e,t)=>({...e,alt:e.alt||n.cat.photo(a,t+1)})),g=o.flatMap(({src:e},t)=>d.includes(e)?[t+1]:[]),_=e=>f(t=>[...t,e]);return(0,G.jsxs)(`div`,{className:J.gallery,children:[h.length===0&&(0,G.jsx)(b,{alt:``,id:i}),h.length>0&&(0,G.jsx)(`ul`,{className:J.track,...l,children:h.map((e,t)=>(0,G.jsx)(`li`,{children:(0,G.jsxs)(`button`,{type:`button`,onClick:()=>m(t),children:[(0,G.jsx)(b,{picture:e,alt:e.alt,id:i,sizes:ce,first:t===0,onFailure:_}),(0,G.jsxs)(`span`,{className:`visually-hidden`,children:[` `,n.photo.enlarge]})]})},t))}),h.length>1&&(0,G.jsx)(`ul`,{className:J.choice,children:h.map((e,t)=>(0,G.jsx)(`li`,{children:(0,G.jsx)(`button`,{type:`button`,"aria-label":n.cat.showPhoto(t+1),"aria-pressed":t===s,onClick:()=>c(t),children:(0,G.jsx)(b,{picture:e,alt:``,id:i,sizes:`5rem`,onFailure:_})})},t))}),t&&g.length>0&&(0,G.jsx)(`p`,{role:`status`,children:n.cat.photoFails(g.join(`, `))}),p!==void 0&&(0,G.jsx)(se,{name:a,pictures:h,first:p,onClose:()=>m(void 0)})]})}var X={page:`_page_7th2f_2`,details:`_details_7th2f_8`,header:`_header_7th2f_9`,request:`_request_7th2f_10`,care:`_care_7th2f_11`,heading:`_heading_7th2f_22`,facts:`_facts_7th2f_29`,actions:`_actions_7th2f_42`,owner:`_owner_7th2f_59`,own:`_own_7th2f_59`,report:`_report_7th2f_79`},Z=a(`
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
  `,[d,P,U,z]);function ue({data:e,actions:t,children:n}){let a=r(),o=j(),c=u(Z,e);return(0,G.jsxs)(`div`,{className:X.details,children:[(0,G.jsx)(le,{data:c,own:!!t}),(0,G.jsxs)(`header`,{className:X.header,children:[(0,G.jsxs)(`div`,{className:X.heading,children:[(0,G.jsx)(ie,{title:c.name,children:(0,G.jsx)(`bdi`,{children:c.name})}),(0,G.jsx)(i,{tone:c.available?`good`:`plain`,children:c.available?a.cat.available:a.cat.unavailable})]}),(0,G.jsxs)(`p`,{className:X.facts,children:[(0,G.jsx)(`span`,{children:(0,G.jsx)(s,{data:c})}),(0,G.jsx)(l,{place:c.place,location:c.location}),(0,G.jsx)(`span`,{children:a.cat.since(o(c.createdAt))})]}),(0,G.jsx)(_,{data:c}),t]}),(0,G.jsx)(D,{text:c.description}),c.specialCareInstructions&&(0,G.jsxs)(`section`,{className:X.care,children:[(0,G.jsx)(`h2`,{children:a.cat.specialCareInstructions}),(0,G.jsx)(D,{text:c.specialCareInstructions})]}),n,(0,G.jsxs)(`section`,{className:X.owner,children:[(0,G.jsx)(V,{data:c.owner}),(0,G.jsxs)(`p`,{children:[a.cat.livesWith,` `,(0,G.jsx)(L,{...c.owner}),c.owner.email&&(0,G.jsxs)(G.Fragment,{children:[(0,G.jsx)(`br`,{}),(0,G.jsx)(E,{address:c.owner.email})]})]})]})]})}var Q=a(`
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
`),de=a(`
    mutation RequestFostering($input: RequestFosteringInput!) {
      requestFostering(input: $input) {
        id
        catProfile {
          id
          ...CatRequest
        }
      }
    }
  `,[Q]);function fe({data:e,viewerId:t,onReload:n}){let{text:r,format:i}=te(),a=S(),o=u(Q,e),[,s]=x(de),c=(0,W.useRef)(null),l=o.fosterings.edges[0]?.node,d=l&&l.participant.id===t&&B(l.status)?l:void 0;return o.viewerCanFoster?(0,G.jsxs)(`section`,{ref:c,tabIndex:-1,className:X.request,children:[(0,G.jsx)(`h2`,{children:(0,G.jsx)(N,{text:r.fostering.askFor,name:o.name})}),(0,G.jsxs)(v,{draft:`request-${o.id}`,once:!0,submit:r.fostering.ask,onReload:n,onSubmit:async e=>{let{error:t}=await s({input:{catProfileId:o.id,startDate:O(e,`startDate`),endDate:O(e,`endDate`),message:O(e,`message`),idempotencyKey:O(e,`idempotencyKey`)}});if(t)return F(t);a((0,G.jsx)(N,{text:r.fostering.asked,name:o.owner.name})),c.current?.focus()},children:[(0,G.jsx)(oe,{taken:o.promisedPeriods,vaccinatedUntil:o.vaccinatedUntil}),(0,G.jsx)(p,{label:r.fostering.message,name:`message`,maxLength:g,optional:!0,hint:(0,G.jsx)(N,{text:r.fostering.messageHint,name:o.owner.name})})]})]}):(0,G.jsxs)(`section`,{ref:c,tabIndex:-1,className:X.request,children:[(0,G.jsx)(`h2`,{children:r.fostering.freeDays}),d?(0,G.jsxs)(`p`,{className:X.own,children:[r.fostering.yours,` `,(0,G.jsx)(`strong`,{children:i.period(d)}),` `,(0,G.jsx)(R,{...d}),` `,(0,G.jsx)(M,{to:`/fosterings`,children:r.nav.fosterings})]}):!o.available&&(0,G.jsx)(`p`,{children:(0,G.jsx)(N,{text:r.fostering.notAvailable,name:o.name})}),(0,G.jsx)(ne,{taken:o.promisedPeriods})]})}var pe=a(`
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
  `,[re,Z,Q,K]),me=a(`
  mutation DeleteCat($id: ID!, $seen: Time) {
    deleteCatProfile(id: $id, expectedUpdatedAt: $seen)
  }
`);function he(){let{id:e}=t();return(0,G.jsx)(ge,{id:e},e)}function ge({id:e}){let t=c(pe,{id:e});return(0,G.jsx)(A,{loaded:t,skeleton:(0,G.jsx)(_e,{}),children:e=>{let n=e.catProfile;if(!n)return(0,G.jsx)(T,{});let r=ee(e).id;return(0,G.jsxs)(`article`,{className:X.page,children:[(0,G.jsx)(ue,{data:n,actions:n.viewerCanEdit&&(0,G.jsx)($,{id:n.id,name:n.name,seen:n.updatedAt,onReload:t.reload}),children:(0,G.jsx)(q,{data:n,viewerId:r})}),(0,G.jsx)(fe,{data:n,viewerId:r,onReload:t.reload}),n.owner.id!==r&&(0,G.jsx)(`div`,{className:X.report,children:(0,G.jsx)(I,{subjectId:n.id})})]})}})}function $({id:e,name:t,seen:n,onReload:i}){let a=r(),o=m(),s=S(),[c,l]=(0,W.useState)(!1),[,u]=x(me);return(0,G.jsxs)(`div`,{className:X.actions,children:[(0,G.jsx)(k,{small:!0,to:`/cats/${e}/edit`,children:a.ui.edit}),(0,G.jsx)(C,{small:!0,onClick:()=>l(!0),children:a.ui.delete}),c&&(0,G.jsxs)(w,{title:(0,G.jsx)(N,{text:a.cat.deleteQuestion,name:t}),onClose:()=>l(!1),children:[(0,G.jsx)(`p`,{children:a.cat.deleteWarning}),(0,G.jsx)(v,{submit:a.ui.delete,danger:!0,onReload:i,onCancel:()=>l(!1),onSubmit:async()=>{let{error:r}=await u({id:e,seen:n});if(r)return F(r);s((0,G.jsx)(N,{text:a.cat.deleted,name:t})),await o(`/profile`,{replace:!0})}})]})]})}function _e(){return(0,G.jsxs)(`div`,{className:X.page,children:[(0,G.jsx)(o,{}),(0,G.jsx)(y,{lines:5})]})}export{he as CatPage,J as n,Y as t};