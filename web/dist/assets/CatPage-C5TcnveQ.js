const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/PhotoDialog-syLv5suc.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-qVqdcmQF.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Dn as t,Dt as n,Et as r,G as i,Gt as a,H as o,I as s,It as c,K as l,Kt as u,L as d,O as f,Ot as p,P as m,R as h,St as g,T as _,Tt as ee,U as te,W as v,Xt as y,bn as ne,c as re,d as b,ft as ie,h as x,i as S,it as C,jn as w,kn as T,l as E,mt as D,nt as O,o as ae,p as k,pt as A,s as j,t as M,vt as N,y as P,z as F,zt as I}from"./shared-qVqdcmQF.js";import{t as L}from"./ReportButton-B-eGYwgr.js";import{G as R,H as z,Q as B,U as V,Z as H,at as U,rt as W}from"./index-DgYNLn-4.js";var G=e(w(),1),K=p(),q=a(`
  fragment CarePlanLink on CatProfile {
    id
    owner {
      id
    }
    carePlan {
      updatedAt
    }
  }
`);function J({data:e,viewerId:t}){let n=r().carePlan,{id:i,owner:a,carePlan:o}=u(q,e);return!o&&a.id!==t?null:(0,K.jsx)(A,{small:!0,to:`/cats/${i}/care`,children:n.title})}var Y={gallery:`_gallery_1w3ru_2`,track:`_track_1w3ru_10`,choice:`_choice_1w3ru_48`,large:`_large_1w3ru_68`,turn:`_turn_1w3ru_93`};function X(){let e=(0,G.useRef)(null),[t,n]=(0,G.useState)(0);return{shown:t,show(t){let{current:n}=e;n?.scrollTo({left:t*n.clientWidth})},props:{ref:e,onScroll(){let{current:t}=e;t&&n(Math.round(t.scrollLeft/t.clientWidth))}}}}var oe=ae(()=>n(async()=>{let{PhotoDialog:e}=await import(`./PhotoDialog-syLv5suc.js`);return{PhotoDialog:e}},__vite__mapDeps([0,1,2])).then(({PhotoDialog:e})=>e),{skeleton:null}),se=`(min-width: 60rem) 42rem, 100vw`;function ce({data:e,own:t}){let n=r(),{id:i,name:a}=u(W,e),o=U(e),{shown:s,show:c,props:l}=X(),[d,f]=(0,G.useState)([]),[p,m]=(0,G.useState)(),h=o.filter(({src:e})=>!d.includes(e)).map((e,t)=>({...e,alt:e.alt||n.cat.photo(a,t+1)})),g=o.flatMap(({src:e},t)=>d.includes(e)?[t+1]:[]),_=e=>f(t=>[...t,e]);return(0,K.jsxs)(`div`,{className:Y.gallery,children:[h.length===0&&(0,K.jsx)(v,{alt:``,id:i}),h.length>0&&(0,K.jsx)(`ul`,{className:Y.track,...l,children:h.map((e,t)=>(0,K.jsx)(`li`,{children:(0,K.jsxs)(`button`,{type:`button`,onClick:()=>m(t),children:[(0,K.jsx)(v,{picture:e,alt:e.alt,id:i,sizes:se,first:t===0,onFailure:_}),(0,K.jsxs)(`span`,{className:`visually-hidden`,children:[` `,n.photo.enlarge]})]})},t))}),h.length>1&&(0,K.jsx)(`ul`,{className:Y.choice,children:h.map((e,t)=>(0,K.jsx)(`li`,{children:(0,K.jsx)(`button`,{type:`button`,"aria-label":n.cat.showPhoto(t+1),"aria-pressed":t===s,onClick:()=>c(t),children:(0,K.jsx)(v,{picture:e,alt:``,id:i,sizes:`5rem`,onFailure:_})})},t))}),t&&g.length>0&&(0,K.jsx)(`p`,{role:`status`,children:n.cat.photoFails(g.join(`, `))}),p!==void 0&&(0,K.jsx)(oe,{name:a,pictures:h,first:p,onClose:()=>m(void 0)})]})}var Z={page:`_page_7th2f_2`,details:`_details_7th2f_8`,header:`_header_7th2f_9`,request:`_request_7th2f_10`,care:`_care_7th2f_11`,heading:`_heading_7th2f_22`,facts:`_facts_7th2f_29`,actions:`_actions_7th2f_42`,owner:`_owner_7th2f_59`,own:`_own_7th2f_59`,report:`_report_7th2f_79`},Q=a(`
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
  `,[d,F,W,B]);function le({data:e,actions:t,children:n}){let a=r(),o=N(),c=u(Q,e);return(0,K.jsxs)(`div`,{className:Z.details,children:[(0,K.jsx)(ce,{data:c,own:!!t}),(0,K.jsxs)(`header`,{className:Z.header,children:[(0,K.jsxs)(`div`,{className:Z.heading,children:[(0,K.jsx)(O,{title:c.name,children:(0,K.jsx)(`bdi`,{children:c.name})}),(0,K.jsx)(i,{tone:c.available?`good`:`plain`,children:c.available?a.cat.available:a.cat.unavailable})]}),(0,K.jsxs)(`p`,{className:Z.facts,children:[(0,K.jsx)(`span`,{children:(0,K.jsx)(s,{data:c})}),(0,K.jsx)(l,{place:c.place,location:c.location}),(0,K.jsx)(`span`,{children:a.cat.since(o(c.createdAt))})]}),(0,K.jsx)(h,{data:c}),t]}),(0,K.jsx)(E,{text:c.description}),c.specialCareInstructions&&(0,K.jsxs)(`section`,{className:Z.care,children:[(0,K.jsx)(`h2`,{children:a.cat.specialCareInstructions}),(0,K.jsx)(E,{text:c.specialCareInstructions})]}),n,(0,K.jsxs)(`section`,{className:Z.owner,children:[(0,K.jsx)(H,{data:c.owner}),(0,K.jsxs)(`p`,{children:[a.cat.livesWith,` `,(0,K.jsx)(R,{...c.owner}),c.owner.email&&(0,K.jsxs)(K.Fragment,{children:[(0,K.jsx)(`br`,{}),(0,K.jsx)(C,{address:c.owner.email})]})]})]})]})}var $=a(`
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
`),ue=a(`
    mutation RequestFostering($input: RequestFosteringInput!) {
      requestFostering(input: $input) {
        id
        catProfile {
          id
          ...CatRequest
        }
      }
    }
  `,[$]);function de({data:e,viewerId:t,onReload:n}){let{text:r,format:i}=ee(),a=b(),o=u($,e),[,s]=y(ue),c=(0,G.useRef)(null),l=o.fosterings.edges[0]?.node,d=l&&l.participant.id===t&&V(l.status)?l:void 0;return o.viewerCanFoster?(0,K.jsxs)(`section`,{ref:c,tabIndex:-1,className:Z.request,children:[(0,K.jsx)(`h2`,{children:(0,K.jsx)(P,{text:r.fostering.askFor,name:o.name})}),(0,K.jsxs)(_,{draft:`request-${o.id}`,once:!0,submit:r.fostering.ask,onReload:n,onSubmit:async e=>{let{error:t}=await s({input:{catProfileId:o.id,startDate:k(e,`startDate`),endDate:k(e,`endDate`),message:k(e,`message`),idempotencyKey:k(e,`idempotencyKey`)}});if(t)return I(t);a((0,K.jsx)(P,{text:r.fostering.asked,name:o.owner.name})),c.current?.focus()},children:[(0,K.jsx)(j,{taken:o.promisedPeriods,vaccinatedUntil:o.vaccinatedUntil}),(0,K.jsx)(f,{label:r.fostering.message,name:`message`,maxLength:m,optional:!0,hint:(0,K.jsx)(P,{text:r.fostering.messageHint,name:o.owner.name})})]})]}):(0,K.jsxs)(`section`,{ref:c,tabIndex:-1,className:Z.request,children:[(0,K.jsx)(`h2`,{children:r.fostering.freeDays}),d?(0,K.jsxs)(`p`,{className:Z.own,children:[r.fostering.yours,` `,(0,K.jsx)(`strong`,{children:i.period(d)}),` `,(0,K.jsx)(z,{...d}),` `,(0,K.jsx)(ne,{to:`/fosterings`,children:r.nav.fosterings})]}):!o.available&&(0,K.jsx)(`p`,{children:(0,K.jsx)(P,{text:r.fostering.notAvailable,name:o.name})}),(0,K.jsx)(re,{taken:o.promisedPeriods})]})}var fe=a(`
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
  `,[D,Q,$,q]),pe=a(`
  mutation DeleteCat($id: ID!, $seen: Time) {
    deleteCatProfile(id: $id, expectedUpdatedAt: $seen)
  }
`);function me(){let{id:e}=T();return(0,K.jsx)(he,{id:e},e)}function he({id:e}){let t=c(fe,{id:e});return(0,K.jsx)(M,{loaded:t,skeleton:(0,K.jsx)(_e,{}),children:e=>{let n=e.catProfile;if(!n)return(0,K.jsx)(S,{});let r=g(e).id;return(0,K.jsxs)(`article`,{className:Z.page,children:[(0,K.jsx)(le,{data:n,actions:n.viewerCanEdit&&(0,K.jsx)(ge,{id:n.id,name:n.name,seen:n.updatedAt,onReload:t.reload}),children:(0,K.jsx)(J,{data:n,viewerId:r})}),(0,K.jsx)(de,{data:n,viewerId:r,onReload:t.reload}),n.owner.id!==r&&(0,K.jsx)(`div`,{className:Z.report,children:(0,K.jsx)(L,{subjectId:n.id})})]})}})}function ge({id:e,name:n,seen:i,onReload:a}){let o=r(),s=t(),c=b(),[l,u]=(0,G.useState)(!1),[,d]=y(pe);return(0,K.jsxs)(`div`,{className:Z.actions,children:[(0,K.jsx)(A,{small:!0,to:`/cats/${e}/edit`,children:o.ui.edit}),(0,K.jsx)(ie,{small:!0,onClick:()=>u(!0),children:o.ui.delete}),l&&(0,K.jsxs)(x,{title:(0,K.jsx)(P,{text:o.cat.deleteQuestion,name:n}),onClose:()=>u(!1),children:[(0,K.jsx)(`p`,{children:o.cat.deleteWarning}),(0,K.jsx)(_,{submit:o.ui.delete,danger:!0,onReload:a,onCancel:()=>u(!1),onSubmit:async()=>{let{error:t}=await d({id:e,seen:i});if(t)return I(t);c((0,K.jsx)(P,{text:o.cat.deleted,name:n})),await s(`/profile`,{replace:!0})}})]})]})}function _e(){return(0,K.jsxs)(`div`,{className:Z.page,children:[(0,K.jsx)(o,{}),(0,K.jsx)(te,{lines:5})]})}export{me as CatPage,Y as n,X as t};