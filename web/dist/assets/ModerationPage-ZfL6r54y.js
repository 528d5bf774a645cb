import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,Et as r,K as i,Kt as a,L as o,Lt as s,M as c,O as l,Rt as u,Zt as d,at as f,d as p,dt as m,g as h,ht as g,i as _,j as v,jn as y,kt as b,p as x,pt as S,qt as C,rt as w,t as T,v as E,xn as D,yt as O}from"./shared-94jfGhsW.js";import{G as k}from"./index-BPsbRwYK.js";import{t as A}from"./text-C3BL5ghm.js";import{t as j}from"./Queue.module-2PWwWVr3.js";var M=e(y(),1),N=b(),P=a(`
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
`);function F(){let e=A(),{format:t}=r(),n=u(P,{first:20},e=>e.auditEntries.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.log}),(0,N.jsx)(_,{list:n,items:e=>e.auditEntries.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:e.noEntries}),children:({action:n,detail:r,reason:i,createdAt:a,actor:o})=>(0,N.jsxs)(`p`,{children:[(0,N.jsxs)(`time`,{dateTime:a,children:[t.date(a),`, `,t.time(a)]}),` `,(0,N.jsx)(`strong`,{children:e.actions[n]??n}),` `,r&&(0,N.jsxs)(`bdi`,{children:[`(`,r,`)`]}),` · `,o?(0,N.jsx)(k,{...o}):e.operator,i&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`br`,{}),(0,N.jsx)(`bdi`,{children:i})]})]})})]})}var I=a(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`),L=[`DISMISS`,`WARN`,`REMOVE`,`SUSPEND`];function R({reportId:e,isMember:t,onDone:n}){let r=A().queue,[i,a]=(0,M.useState)();return(0,N.jsxs)(`div`,{className:j.decisions,children:[L.filter(e=>!t||e!==`REMOVE`).map(e=>(0,N.jsx)(S,{small:!0,onClick:()=>a(e),children:r.decisions[e]},e)),i&&(0,N.jsx)(z,{id:e,decision:i,onClose:()=>a(void 0),onDone:n})]})}function z({id:e,decision:n,onClose:r,onDone:i}){let a=A().queue,s=x(),[,u]=d(I);return(0,N.jsx)(E,{title:a.decisions[n],onClose:r,children:(0,N.jsxs)(l,{submit:a.decide,danger:n===`REMOVE`||n===`SUSPEND`,onCancel:r,onReload:i,onSubmit:async o=>{let c=Number(h(o,`days`)),l=c>0?new Date(Date.now()+c*864e5).toISOString():null,{error:d}=await u({input:{id:e,decision:n,reason:h(o,`reason`)||null,...n===`SUSPEND`&&{until:l}}});if(d)return t(d);s(a.decided),r(),i()},children:[(0,N.jsx)(`p`,{children:a.consequences[n]}),(0,N.jsx)(v,{label:a.why,name:`reason`,maxLength:o,hint:a.whoReads[n],...n===`DISMISS`?{optional:!0}:{required:!0}}),n===`SUSPEND`&&(0,N.jsx)(c,{label:a.days,hint:a.daysHint,name:`days`,type:`number`,min:1,max:3650,optional:!0})]})})}var B=a(`
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
`);function V({data:e,onReload:t}){let n=A().queue,r=O(),{subjectKind:i,subjectId:a,member:o,reports:s}=C(B,e),c=s[0];return c?(0,N.jsxs)(`article`,{className:j.case,"aria-labelledby":`case-${a}`,tabIndex:-1,children:[(0,N.jsxs)(`h3`,{id:`case-${a}`,children:[n.kinds[i],` · `,(0,N.jsx)(k,{...o})]}),(0,N.jsxs)(`p`,{className:j.facts,children:[(0,N.jsx)(`span`,{children:n.reportsAbout(o.reportsAbout.totalCount)}),i===`CAT`&&(0,N.jsx)(D,{to:`/cats/${a}`,children:n.asItIs})]}),(0,N.jsx)(`dl`,{className:j.snapshot,children:c.snapshot.map(({field:e,value:t})=>(0,N.jsxs)(`div`,{children:[(0,N.jsx)(`dt`,{children:n.fields[e]??e}),(0,N.jsx)(`dd`,{children:(0,N.jsx)(p,{text:t})})]},e))}),c.photos.length>0&&(0,N.jsx)(`ul`,{className:j.photos,children:c.photos.map(({id:e,alt:t,url:r})=>(0,N.jsx)(`li`,{children:(0,N.jsx)(`img`,{src:r,alt:t??n.photo,loading:`lazy`})},e))}),(0,N.jsx)(`h4`,{children:n.reports}),(0,N.jsx)(`ul`,{className:j.reports,children:s.map(e=>(0,N.jsxs)(`li`,{children:[(0,N.jsxs)(`p`,{className:j.facts,children:[(0,N.jsx)(`strong`,{children:n.reasons[e.reason]}),(0,N.jsxs)(`span`,{children:[(0,N.jsx)(k,{...e.reporter}),` (`,n.reportsBy(e.reporter.reportsBy.totalCount),`)`]}),(0,N.jsx)(`span`,{children:r(e.createdAt)})]}),e.text&&(0,N.jsx)(p,{text:e.text})]},e.id))}),(0,N.jsx)(R,{reportId:c.id,isMember:i===`MEMBER`,onDone:t})]}):null}var H=a(`
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
  `,[B]);function U(){let e=A().queue,t=u(H,{first:10},e=>e.moderationQueue.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.title}),(0,N.jsx)(`p`,{children:e.help}),(0,N.jsx)(_,{list:t,items:e=>e.moderationQueue.edges.map(({node:e})=>({...e,id:e.subjectId})),empty:(0,N.jsx)(m,{title:e.empty}),children:e=>(0,N.jsx)(V,{data:e,onReload:t.reload})})]})}var W={page:`_page_rj1rq_2`},G=a(`
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,[g]),K=a(`
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
`),q=a(`
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
`);function J(){let e=A(),t=s(G,{}),[n,r]=(0,M.useState)();return(0,N.jsx)(T,{loaded:t,skeleton:(0,N.jsx)(i,{lines:6}),children:({me:i})=>i.isModerator?(0,N.jsxs)(`div`,{className:W.page,children:[(0,N.jsx)(f,{title:e.title}),(0,N.jsx)(`p`,{children:e.intro}),(0,N.jsx)(U,{}),(0,N.jsx)(l,{submit:e.find,onSubmit:async e=>{r(h(e,`search`)??void 0)},children:(0,N.jsx)(c,{label:e.search,name:`search`,required:!0,autoComplete:`off`})}),n&&(0,N.jsx)(Y,{search:n},n),i.isAdmin&&(0,N.jsx)(X,{}),i.isSuperAdmin&&(0,N.jsx)(F,{})]}):(0,N.jsx)(w,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:e.notAllowed,onRetry:t.reload})})}function Y({search:e}){let t=A(),n=u(K,{search:e,first:20},e=>e.findMembers.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:t.found}),(0,N.jsx)(_,{list:n,items:e=>e.findMembers.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:t.nobody}),children:e=>(0,N.jsx)(k,{...e})})]})}function X(){let e=A(),t=u(q,{first:50},e=>e.moderators.pageInfo);return(0,N.jsxs)(`section`,{children:[(0,N.jsx)(`h2`,{children:e.moderators}),(0,N.jsx)(_,{list:t,items:e=>e.moderators.edges.map(e=>e.node),empty:(0,N.jsx)(`p`,{children:e.noModerators}),forbidden:n().failure.FORBIDDEN.help,children:e=>(0,N.jsx)(k,{...e})})]})}export{J as ModerationPage};