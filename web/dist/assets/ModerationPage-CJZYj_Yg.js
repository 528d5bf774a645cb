import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Et as t,Gt as n,It as r,Kt as i,Lt as a,Mn as o,O as s,Ot as c,P as l,T as u,U as d,Xt as f,d as p,et as m,ft as h,g,h as _,k as v,l as y,mt as b,n as x,nt as S,p as C,t as w,ut as T,vt as E,xn as D,zt as O}from"./shared-D3IEIQEw.js";import{G as k}from"./index-DpbU5mep.js";import{n as A,t as j}from"./AdminActions-xh0e7FXQ.js";import{AuditLog as M}from"./AuditLog-D9abfnu9.js";import{t as N}from"./Queue.module-2PWwWVr3.js";import{t as P}from"./text-C_2fJxln.js";var F=e(o(),1),I={page:`_page_knh1n_2`,admin:`_admin_knh1n_13`},L=c(),R=n(`
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
  `,[A]);function z(){let e=t().admin,n=a(R,{first:50},e=>e.admins.pageInfo);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.title}),(0,L.jsxs)(`p`,{children:[e.powers,` `,e.intro]}),(0,L.jsx)(x,{list:n,items:e=>e.admins.edges.map(e=>e.node),empty:null,children:e=>(0,L.jsxs)(`div`,{className:I.admin,children:[(0,L.jsx)(g,{id:e.id,name:e.name}),(0,L.jsxs)(`p`,{children:[(0,L.jsx)(k,{id:e.id,name:e.name}),(0,L.jsx)(`br`,{}),(0,L.jsx)(`bdi`,{children:e.email})]}),(0,L.jsx)(j,{data:e})]})})]})}var B=n(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`),V=[`DISMISS`,`WARN`,`REMOVE`,`SUSPEND`];function H({reportId:e,isMember:t,onDone:n}){let r=P().queue,[i,a]=(0,F.useState)();return(0,L.jsxs)(`div`,{className:N.decisions,children:[V.filter(e=>!t||e!==`REMOVE`).map(e=>(0,L.jsx)(h,{small:!0,onClick:()=>a(e),children:r.decisions[e]},e)),i&&(0,L.jsx)(U,{id:e,decision:i,onClose:()=>a(void 0),onDone:n})]})}function U({id:e,decision:t,onClose:n,onDone:r}){let i=P().queue,a=p(),[,o]=f(B);return(0,L.jsx)(_,{title:i.decisions[t],onClose:n,children:(0,L.jsxs)(u,{submit:i.decide,danger:t===`REMOVE`||t===`SUSPEND`,onCancel:n,onReload:r,onSubmit:async s=>{let c=Number(C(s,`days`)),l=c>0?new Date(Date.now()+c*864e5).toISOString():null,{error:u}=await o({input:{id:e,decision:t,reason:C(s,`reason`)||null,...t===`SUSPEND`&&{until:l}}});if(u)return O(u);a(i.decided),n(),r()},children:[(0,L.jsx)(`p`,{children:i.consequences[t]}),(0,L.jsx)(s,{label:i.why,name:`reason`,maxLength:l,hint:i.whoReads[t],...t===`DISMISS`?{optional:!0}:{required:!0}}),t===`SUSPEND`&&(0,L.jsx)(v,{label:i.days,hint:i.daysHint,name:`days`,type:`number`,min:1,max:3650,optional:!0})]})})}var W=n(`
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
`);function G({data:e,onReload:t}){let n=P().queue,r=E(),{subjectKind:a,subjectId:o,member:s,reports:c}=i(W,e),l=c[0];return l?(0,L.jsxs)(`article`,{className:N.case,"aria-labelledby":`case-${o}`,tabIndex:-1,children:[(0,L.jsxs)(`h3`,{id:`case-${o}`,children:[n.kinds[a],` · `,(0,L.jsx)(k,{...s})]}),(0,L.jsxs)(`p`,{className:N.facts,children:[(0,L.jsx)(`span`,{children:n.reportsAbout(s.reportsAbout.totalCount)}),a===`CAT`&&(0,L.jsx)(D,{to:`/cats/${o}`,children:n.asItIs})]}),(0,L.jsx)(`dl`,{className:N.snapshot,children:l.snapshot.map(({field:e,value:t})=>(0,L.jsxs)(`div`,{children:[(0,L.jsx)(`dt`,{children:n.fields[e]??e}),(0,L.jsx)(`dd`,{children:(0,L.jsx)(y,{text:t})})]},e))}),l.photos.length>0&&(0,L.jsx)(`ul`,{className:N.photos,children:l.photos.map(({id:e,alt:t,url:r})=>(0,L.jsx)(`li`,{children:(0,L.jsx)(`img`,{src:r,alt:t??n.photo,loading:`lazy`})},e))}),(0,L.jsx)(`h4`,{children:n.reports}),(0,L.jsx)(`ul`,{className:N.reports,children:c.map(e=>(0,L.jsxs)(`li`,{children:[(0,L.jsxs)(`p`,{className:N.facts,children:[(0,L.jsx)(`strong`,{children:n.reasons[e.reason]}),(0,L.jsxs)(`span`,{children:[(0,L.jsx)(k,{...e.reporter}),` (`,n.reportsBy(e.reporter.reportsBy.totalCount),`)`]}),(0,L.jsx)(`span`,{children:r(e.createdAt)})]}),e.text&&(0,L.jsx)(y,{text:e.text})]},e.id))}),(0,L.jsx)(H,{reportId:l.id,isMember:a===`MEMBER`,onDone:t})]}):null}var K=n(`
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
  `,[W]);function q(){let e=P().queue,t=a(K,{first:10},e=>e.moderationQueue.pageInfo);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.title}),(0,L.jsx)(`p`,{children:e.help}),(0,L.jsx)(x,{list:t,items:e=>e.moderationQueue.edges.map(({node:e})=>({...e,id:e.subjectId})),empty:(0,L.jsx)(T,{title:e.empty}),children:e=>(0,L.jsx)(G,{data:e,onReload:t.reload})})]})}var J=n(`
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,[b]),Y=n(`
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
`),X=n(`
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
`);function Z(){let e=P(),t=r(J,{}),[n,i]=(0,F.useState)();return(0,L.jsx)(w,{loaded:t,skeleton:(0,L.jsx)(d,{lines:6}),children:({me:r})=>r.isModerator?(0,L.jsxs)(`div`,{className:I.page,children:[(0,L.jsx)(S,{title:e.title}),(0,L.jsx)(`p`,{children:e.intro}),(0,L.jsx)(q,{}),(0,L.jsx)(u,{submit:e.find,onSubmit:async e=>{i(C(e,`search`)??void 0)},children:(0,L.jsx)(v,{label:e.search,name:`search`,required:!0,autoComplete:`off`})}),n&&(0,L.jsx)(Q,{search:n},n),r.isAdmin&&(0,L.jsx)($,{}),r.isSuperAdmin&&(0,L.jsx)(z,{}),r.isSuperAdmin&&(0,L.jsx)(M,{})]}):(0,L.jsx)(m,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:e.notAllowed,onRetry:t.reload})})}function Q({search:e}){let t=P(),n=a(Y,{search:e,first:20},e=>e.findMembers.pageInfo);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:t.found}),(0,L.jsx)(x,{list:n,items:e=>e.findMembers.edges.map(e=>e.node),empty:(0,L.jsx)(`p`,{children:t.nobody}),children:e=>(0,L.jsx)(k,{...e})})]})}function $(){let e=P(),n=a(X,{first:50},e=>e.moderators.pageInfo);return(0,L.jsxs)(`section`,{children:[(0,L.jsx)(`h2`,{children:e.moderators}),(0,L.jsx)(x,{list:n,items:e=>e.moderators.edges.map(e=>e.node),empty:(0,L.jsx)(`p`,{children:e.noModerators}),forbidden:t().failure.FORBIDDEN.help,children:e=>(0,L.jsx)(k,{...e})})]})}export{Z as ModerationPage};