import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,Kt as r,Lt as i,Nn as a,O as o,P as s,Rt as c,Sn as l,T as u,U as d,Zt as f,d as p,dt as m,et as h,g,h as _,ht as v,k as y,kt as b,l as x,n as S,p as C,pt as w,qt as T,rt as E,t as D,yt as O}from"./shared-DafN4PSE.js";import{G as k}from"./index-BP7IJ8nZ.js";import{n as A,t as j}from"./AdminActions-C8Oxjx2e.js";import{AuditLog as M}from"./AuditLog-6gG5C_f2.js";import{t as N}from"./Queue.module-2PWwWVr3.js";import{t as P}from"./text-DtNrGbHA.js";var F=e(a(),1),I={page:`_page_knh1n_2`,admin:`_admin_knh1n_13`},L=b(),R=r(`
    query Admins($first: Int!, $after: Cursor) {
      admins(first: $first, after: $after) {
        edges {
          node {
            id
            name
            email
            ...AdminActions
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,[A]);function z(){let e=n().admin,t=c(R,{first:50},e=>e.admins);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.title}),(0,L.jsxs)(`p`,{children:[e.powers,` `,e.intro]}),(0,L.jsx)(S,{list:t,items:e=>e.admins.edges.map(e=>e.node),empty:null,children:e=>(0,L.jsxs)(`div`,{className:I.admin,children:[(0,L.jsx)(g,{id:e.id,name:e.name}),(0,L.jsxs)(`p`,{children:[(0,L.jsx)(k,{id:e.id,name:e.name}),(0,L.jsx)(`br`,{}),(0,L.jsx)(`bdi`,{children:e.email})]}),(0,L.jsx)(j,{data:e})]})})]})}var B=r(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`),V=[`DISMISS`,`WARN`,`REMOVE`,`SUSPEND`];function H({reportId:e,isMember:t,onDone:n}){let r=P().queue,[i,a]=(0,F.useState)();return(0,L.jsxs)(`div`,{className:N.decisions,children:[V.filter(e=>!t||e!==`REMOVE`).map(e=>(0,L.jsx)(w,{small:!0,onClick:()=>a(e),children:r.decisions[e]},e)),i&&(0,L.jsx)(U,{id:e,decision:i,onClose:()=>a(void 0),onDone:n})]})}function U({id:e,decision:n,onClose:r,onDone:i}){let a=P().queue,c=p(),[,l]=f(B);return(0,L.jsx)(_,{title:a.decisions[n],onClose:r,children:(0,L.jsxs)(u,{draft:`decide-${n}-${e}`,submit:a.decide,danger:n===`REMOVE`||n===`SUSPEND`,onCancel:r,onReload:i,onSubmit:async o=>{let s=Number(C(o,`days`)),u=s>0?new Date(Date.now()+s*864e5).toISOString():null,{error:d}=await l({input:{id:e,decision:n,reason:C(o,`reason`)||null,...n===`SUSPEND`&&{until:u}}});if(d)return t(d);c(a.decided),r(),i()},children:[(0,L.jsx)(`p`,{children:a.consequences[n]}),(0,L.jsx)(o,{label:a.why,name:`reason`,maxLength:s,hint:a.whoReads[n],...n===`DISMISS`?{optional:!0}:{required:!0}}),n===`SUSPEND`&&(0,L.jsx)(y,{label:a.days,hint:a.daysHint,name:`days`,type:`number`,min:1,max:3650,optional:!0})]})})}var W=r(`
  fragment Case on ModerationCase {
    subjectKind
    subjectId
    createdAt
    member {
      id
      name
      reportsAbout(first: 0) {
        totalCount
      }
    }
    reports {
      id
      reason
      text
      createdAt
      reporter {
        id
        name
        reportsBy(first: 0) {
          totalCount
        }
      }
      snapshot {
        field
        value
      }
      photos {
        id
        alt
        url(size: CARD)
      }
    }
  }
`);function G({data:e,onReload:t}){let n=P().queue,r=O(),{subjectKind:i,subjectId:a,member:o,reports:s}=T(W,e),c=s[0];return c?(0,L.jsxs)(`article`,{className:N.case,"aria-labelledby":`case-${a}`,tabIndex:-1,children:[(0,L.jsxs)(`h3`,{id:`case-${a}`,children:[n.kinds[i],` · `,(0,L.jsx)(k,{...o})]}),(0,L.jsxs)(`p`,{className:N.facts,children:[(0,L.jsx)(`span`,{children:n.reportsAbout(o.reportsAbout.totalCount)}),i===`CAT`&&(0,L.jsx)(l,{to:`/cats/${a}`,children:n.asItIs})]}),(0,L.jsx)(`dl`,{className:N.snapshot,children:c.snapshot.map(({field:e,value:t})=>(0,L.jsxs)(`div`,{children:[(0,L.jsx)(`dt`,{children:n.fields[e]??e}),(0,L.jsx)(`dd`,{children:(0,L.jsx)(x,{text:t})})]},e))}),c.photos.length>0&&(0,L.jsx)(`ul`,{className:N.photos,children:c.photos.map(({id:e,alt:t,url:r})=>(0,L.jsx)(`li`,{children:(0,L.jsx)(`img`,{src:r,alt:t??n.photo,loading:`lazy`})},e))}),(0,L.jsx)(`h4`,{children:n.reports}),(0,L.jsx)(`ul`,{className:N.reports,children:s.map(e=>(0,L.jsxs)(`li`,{children:[(0,L.jsxs)(`p`,{className:N.facts,children:[(0,L.jsx)(`strong`,{children:n.reasons[e.reason]}),(0,L.jsxs)(`span`,{children:[(0,L.jsx)(k,{...e.reporter}),` (`,n.reportsBy(e.reporter.reportsBy.totalCount),`)`]}),(0,L.jsx)(`span`,{children:r(e.createdAt)})]}),e.text&&(0,L.jsx)(x,{text:e.text})]},e.id))}),(0,L.jsx)(H,{reportId:c.id,isMember:i===`MEMBER`,onDone:t})]}):null}var K=r(`
    query ModerationQueue($first: Int!, $after: Cursor) {
      moderationQueue(first: $first, after: $after) {
        edges {
          node {
            subjectId
            ...Case
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,[W]);function q(){let e=P().queue,t=c(K,{first:10},e=>e.moderationQueue);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.title}),(0,L.jsx)(`p`,{children:e.help}),(0,L.jsx)(S,{list:t,items:e=>e.moderationQueue.edges.map(({node:e})=>({...e,id:e.subjectId})),empty:(0,L.jsx)(m,{title:e.empty}),children:e=>(0,L.jsx)(G,{data:e,onReload:t.reload})})]})}var J=r(`
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,[v]),Y=r(`
  query FindMembers($search: String!, $first: Int!, $after: Cursor) {
    findMembers(search: $search, first: $first, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`),X=r(`
  query Moderators($first: Int!, $after: Cursor) {
    moderators(first: $first, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);function Z(){let e=P(),t=i(J,{}),[n,r]=(0,F.useState)();return(0,L.jsx)(D,{loaded:t,skeleton:(0,L.jsx)(d,{lines:6}),children:({me:i})=>i.isModerator?(0,L.jsxs)(`div`,{className:I.page,children:[(0,L.jsx)(E,{title:e.title}),(0,L.jsx)(`p`,{children:e.intro}),(0,L.jsx)(q,{}),(0,L.jsx)(u,{submit:e.find,onSubmit:async e=>{r(C(e,`search`)??void 0)},children:(0,L.jsx)(y,{label:e.search,name:`search`,required:!0,autoComplete:`off`})}),n&&(0,L.jsx)(Q,{search:n},n),i.isAdmin&&(0,L.jsx)($,{}),i.isSuperAdmin&&(0,L.jsx)(z,{}),i.isSuperAdmin&&(0,L.jsx)(M,{})]}):(0,L.jsx)(h,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:e.notAllowed,onRetry:t.reload})})}function Q({search:e}){let t=P(),n=c(Y,{search:e,first:20},e=>e.findMembers);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:t.found}),(0,L.jsx)(S,{list:n,items:e=>e.findMembers.edges.map(e=>e.node),empty:(0,L.jsx)(`p`,{children:t.nobody}),children:e=>(0,L.jsx)(k,{...e})})]})}function $(){let e=P(),t=c(X,{first:50},e=>e.moderators);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.moderators}),(0,L.jsx)(S,{list:t,items:e=>e.moderators.edges.map(e=>e.node),empty:(0,L.jsx)(`p`,{children:e.noModerators}),forbidden:n().failure.FORBIDDEN.help,children:e=>(0,L.jsx)(k,{...e})})]})}export{Z as ModerationPage};