import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,E as r,J as i,K as a,Mt as o,N as s,P as c,Rt as l,Tt as u,W as d,cn as f,et as p,f as m,gt as h,kt as g,m as _,mt as v,n as y,nt as b,ot as x,pt as S,t as C,vn as w,w as T,wt as E,z as D}from"./shared-CwO356SJ.js";import{Y as O,nt as k,st as A,ut as j}from"./index-DsqDHsEj.js";var M=e(w(),1),N=h(),P=g(`
  query AuditEntries($first: Int!, $after: Cursor) {
    auditEntries(first: $first, after: $after) {
      edges {
        node {
          id
          action
          detail
          reason
          createdAt
          actor {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);function F(){let e=C(),{format:t}=S(),n=u(P,{first:20},e=>e.auditEntries.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.log}),(0,N.jsx)(O,{list:n,items:e=>e.auditEntries.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:e.noEntries}),children:({action:n,detail:r,reason:i,createdAt:a,actor:o})=>(0,N.jsxs)(`p`,{children:[(0,N.jsxs)(`time`,{dateTime:a,children:[t.date(a),`, `,t.time(a)]}),` `,(0,N.jsx)(`strong`,{children:e.actions[n]??n}),` `,r&&(0,N.jsxs)(`bdi`,{children:[`(`,r,`)`]}),` · `,o?(0,N.jsx)(A,{...o}):e.operator,i&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`br`,{}),(0,N.jsx)(`bdi`,{children:i})]})]})})]})}var I=g(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`),L=[`DISMISS`,`WARN`,`REMOVE`,`SUSPEND`];function R({reportId:e,isMember:t,onDone:n}){let r=C().queue,[i,a]=(0,M.useState)();return(0,N.jsxs)(`div`,{className:y.decisions,children:[L.filter(e=>!t||e!==`REMOVE`).map(e=>(0,N.jsx)(p,{small:!0,onClick:()=>a(e),children:r.decisions[e]},e)),i&&(0,N.jsx)(z,{id:e,decision:i,onClose:()=>a(void 0),onDone:n})]})}function z({id:e,decision:n,onClose:r,onDone:i}){let a=C().queue,u=T(),[,d]=l(I);return(0,N.jsx)(D,{title:a.decisions[n],onClose:r,children:(0,N.jsxs)(t,{submit:a.decide,danger:n===`REMOVE`||n===`SUSPEND`,onCancel:r,onReload:i,onSubmit:async t=>{let s=Number(m(t,`days`)),c=s>0?new Date(Date.now()+s*864e5).toISOString():null,{error:l}=await d({input:{id:e,decision:n,reason:m(t,`reason`)||null,...n===`SUSPEND`&&{until:c}}});if(l)return o(l);u(a.decided),r(),i()},children:[(0,N.jsx)(`p`,{children:a.consequences[n]}),(0,N.jsx)(s,{label:a.why,name:`reason`,maxLength:_,hint:a.whoReads[n],...n===`DISMISS`?{optional:!0}:{required:!0}}),n===`SUSPEND`&&(0,N.jsx)(c,{label:a.days,hint:a.daysHint,name:`days`,type:`number`,min:1,max:3650,optional:!0})]})})}var B=g(`
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
`);function V({data:e,onReload:t}){let r=C().queue,i=x(),{subjectKind:a,subjectId:o,member:s,reports:c}=n(B,e),l=c[0];return l?(0,N.jsxs)(`article`,{className:y.case,"aria-labelledby":`case-${o}`,tabIndex:-1,children:[(0,N.jsxs)(`h3`,{id:`case-${o}`,children:[r.kinds[a],` · `,(0,N.jsx)(A,{...s})]}),(0,N.jsxs)(`p`,{className:y.facts,children:[(0,N.jsx)(`span`,{children:r.reportsAbout(s.reportsAbout.totalCount)}),a===`CAT`&&(0,N.jsx)(f,{to:`/cats/${o}`,children:r.asItIs})]}),(0,N.jsx)(`dl`,{className:y.snapshot,children:l.snapshot.map(({field:e,value:t})=>(0,N.jsxs)(`div`,{children:[(0,N.jsx)(`dt`,{children:r.fields[e]??e}),(0,N.jsx)(`dd`,{children:(0,N.jsx)(k,{text:t})})]},e))}),l.photos.length>0&&(0,N.jsx)(`ul`,{className:y.photos,children:l.photos.map(({id:e,alt:t,url:n})=>(0,N.jsx)(`li`,{children:(0,N.jsx)(`img`,{src:n,alt:t??r.photo,loading:`lazy`})},e))}),(0,N.jsx)(`h4`,{children:r.reports}),(0,N.jsx)(`ul`,{className:y.reports,children:c.map(e=>(0,N.jsxs)(`li`,{children:[(0,N.jsxs)(`p`,{className:y.facts,children:[(0,N.jsx)(`strong`,{children:r.reasons[e.reason]}),(0,N.jsxs)(`span`,{children:[(0,N.jsx)(A,{...e.reporter}),` (`,r.reportsBy(e.reporter.reportsBy.totalCount),`)`]}),(0,N.jsx)(`span`,{children:i(e.createdAt)})]}),e.text&&(0,N.jsx)(k,{text:e.text})]},e.id))}),(0,N.jsx)(R,{reportId:l.id,isMember:a===`MEMBER`,onDone:t})]}):null}var H=g(`
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
  `,[B]);function U(){let e=C().queue,t=u(H,{first:20},e=>e.moderationQueue.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.title}),(0,N.jsx)(`p`,{children:e.help}),(0,N.jsx)(O,{list:t,items:e=>e.moderationQueue.edges.map(({node:e})=>({...e,id:e.subjectId})),empty:(0,N.jsx)(r,{title:e.empty}),children:e=>(0,N.jsx)(V,{data:e,onReload:t.reload})})]})}var W={page:`_page_rj1rq_2`},G=g(`
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,[b]),K=g(`
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
`),q=g(`
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
`);function J(){let e=C(),n=E(G,{}),[r,o]=(0,M.useState)();return(0,N.jsx)(j,{loaded:n,skeleton:(0,N.jsx)(d,{lines:6}),children:({me:s})=>s.isModerator?(0,N.jsxs)(`div`,{className:W.page,children:[(0,N.jsx)(i,{title:e.title}),(0,N.jsx)(`p`,{children:e.intro}),(0,N.jsx)(U,{}),(0,N.jsx)(t,{submit:e.find,onSubmit:async e=>{o(m(e,`search`)??void 0)},children:(0,N.jsx)(c,{label:e.search,name:`search`,required:!0,autoComplete:`off`})}),r&&(0,N.jsx)(Y,{search:r},r),s.isAdmin&&(0,N.jsx)(X,{}),s.isSuperAdmin&&(0,N.jsx)(F,{})]}):(0,N.jsx)(a,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:e.notAllowed,onRetry:n.reload})})}function Y({search:e}){let t=C(),n=u(K,{search:e,first:20},e=>e.findMembers.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:t.found}),(0,N.jsx)(O,{list:n,items:e=>e.findMembers.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:t.nobody}),children:e=>(0,N.jsx)(A,{...e})})]})}function X(){let e=C(),t=u(q,{first:50},e=>e.moderators.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.moderators}),(0,N.jsx)(O,{list:t,items:e=>e.moderators.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:e.noModerators}),forbidden:v().failure.FORBIDDEN.help,children:e=>(0,N.jsx)(A,{...e})})]})}export{J as ModerationPage};