import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,C as n,Ct as r,G as i,Lt as a,M as o,N as s,Ot as c,R as l,T as u,U as d,_n as f,at as p,d as m,ft as h,ht as g,jt as _,k as v,kt as y,p as b,pt as x,q as S,sn as C,t as w,tt as T,wt as E}from"./shared-MDYQo7Gp.js";import{Y as D,nt as O,st as k,ut as A}from"./index-c4_QKH4G.js";var j=e(f(),1),M=g(),N=c(`
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
`);function P(){let e=w(),{format:t}=h(),n=E(N,{first:20},e=>e.auditEntries.pageInfo);return(0,M.jsxs)(`section`,{children:[(0,M.jsx)(`h2`,{children:e.log}),(0,M.jsx)(D,{list:n,items:e=>e.auditEntries.edges.map(e=>e.node),empty:(0,M.jsx)(`p`,{children:e.noEntries}),children:({action:n,detail:r,reason:i,createdAt:a,actor:o})=>(0,M.jsxs)(`p`,{children:[(0,M.jsxs)(`time`,{dateTime:a,children:[t.date(a),`, `,t.time(a)]}),` `,(0,M.jsx)(`strong`,{children:e.actions[n]??n}),` `,r&&(0,M.jsxs)(`bdi`,{children:[`(`,r,`)`]}),` · `,o?(0,M.jsx)(k,{...o}):e.operator,i&&(0,M.jsxs)(M.Fragment,{children:[(0,M.jsx)(`br`,{}),(0,M.jsx)(`bdi`,{children:i})]})]})})]})}var F={case:`_case_67vkv_3`,facts:`_facts_67vkv_13`,snapshot:`_snapshot_67vkv_20`,photos:`_photos_67vkv_36`,reports:`_reports_67vkv_51`,decisions:`_decisions_67vkv_58`},I=c(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`),L=[`DISMISS`,`WARN`,`REMOVE`,`SUSPEND`];function R({reportId:e,isMember:n,onDone:r}){let i=w().queue,[a,o]=(0,j.useState)();return(0,M.jsxs)(`div`,{className:F.decisions,children:[L.filter(e=>!n||e!==`REMOVE`).map(e=>(0,M.jsx)(t,{small:!0,onClick:()=>o(e),children:i.decisions[e]},e)),a&&(0,M.jsx)(z,{id:e,decision:a,onClose:()=>o(void 0),onDone:r})]})}function z({id:e,decision:t,onClose:r,onDone:i}){let c=w().queue,u=n(),[,d]=a(I);return(0,M.jsx)(l,{title:c.decisions[t],onClose:r,children:(0,M.jsxs)(v,{submit:c.decide,danger:t===`REMOVE`||t===`SUSPEND`,onCancel:r,onReload:i,onSubmit:async n=>{let a=Number(m(n,`days`)),o=a>0?new Date(Date.now()+a*864e5).toISOString():null,{error:s}=await d({input:{id:e,decision:t,reason:m(n,`reason`)||null,...t===`SUSPEND`&&{until:o}}});if(s)return _(s);u(c.decided),r(),i()},children:[(0,M.jsx)(`p`,{children:c.consequences[t]}),(0,M.jsx)(o,{label:c.why,name:`reason`,maxLength:b,hint:c.whoReads[t],...t===`DISMISS`?{optional:!0}:{required:!0}}),t===`SUSPEND`&&(0,M.jsx)(s,{label:c.days,hint:c.daysHint,name:`days`,type:`number`,min:1,max:3650,optional:!0})]})})}var B=c(`
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
`);function V({data:e,onReload:t}){let n=w().queue,r=p(),{subjectKind:i,subjectId:a,member:o,reports:s}=y(B,e),c=s[0];return c?(0,M.jsxs)(`article`,{className:F.case,"aria-labelledby":`case-${a}`,tabIndex:-1,children:[(0,M.jsxs)(`h3`,{id:`case-${a}`,children:[n.kinds[i],` · `,(0,M.jsx)(k,{...o})]}),(0,M.jsxs)(`p`,{className:F.facts,children:[(0,M.jsx)(`span`,{children:n.reportsAbout(o.reportsAbout.totalCount)}),i===`CAT`&&(0,M.jsx)(C,{to:`/cats/${a}`,children:n.asItIs})]}),(0,M.jsx)(`dl`,{className:F.snapshot,children:c.snapshot.map(({field:e,value:t})=>(0,M.jsxs)(`div`,{children:[(0,M.jsx)(`dt`,{children:n.fields[e]??e}),(0,M.jsx)(`dd`,{children:(0,M.jsx)(O,{text:t})})]},e))}),c.photos.length>0&&(0,M.jsx)(`ul`,{className:F.photos,children:c.photos.map(({id:e,alt:t,url:r})=>(0,M.jsx)(`li`,{children:(0,M.jsx)(`img`,{src:r,alt:t??n.photo,loading:`lazy`})},e))}),(0,M.jsx)(`h4`,{children:n.reports}),(0,M.jsx)(`ul`,{className:F.reports,children:s.map(e=>(0,M.jsxs)(`li`,{children:[(0,M.jsxs)(`p`,{className:F.facts,children:[(0,M.jsx)(`strong`,{children:n.reasons[e.reason]}),(0,M.jsxs)(`span`,{children:[(0,M.jsx)(k,{...e.reporter}),` (`,n.reportsBy(e.reporter.reportsBy.totalCount),`)`]}),(0,M.jsx)(`span`,{children:r(e.createdAt)})]}),e.text&&(0,M.jsx)(O,{text:e.text})]},e.id))}),(0,M.jsx)(R,{reportId:c.id,isMember:i===`MEMBER`,onDone:t})]}):null}var H=c(`
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
  `,[B]);function U(){let e=w().queue,t=E(H,{first:20},e=>e.moderationQueue.pageInfo);return(0,M.jsxs)(`section`,{children:[(0,M.jsx)(`h2`,{children:e.title}),(0,M.jsx)(`p`,{children:e.help}),(0,M.jsx)(D,{list:t,items:e=>e.moderationQueue.edges.map(({node:e})=>({...e,id:e.subjectId})),empty:(0,M.jsx)(u,{title:e.empty}),children:e=>(0,M.jsx)(V,{data:e,onReload:t.reload})})]})}var W={page:`_page_rj1rq_2`},G=c(`
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,[T]),K=c(`
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
`),q=c(`
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
`);function J(){let e=w(),t=r(G,{}),[n,a]=(0,j.useState)();return(0,M.jsx)(A,{loaded:t,skeleton:(0,M.jsx)(d,{lines:6}),children:({me:r})=>r.isModerator?(0,M.jsxs)(`div`,{className:W.page,children:[(0,M.jsx)(S,{title:e.title}),(0,M.jsx)(`p`,{children:e.intro}),(0,M.jsx)(U,{}),(0,M.jsx)(v,{submit:e.find,onSubmit:async e=>{a(m(e,`search`)??void 0)},children:(0,M.jsx)(s,{label:e.search,name:`search`,required:!0,autoComplete:`off`})}),n&&(0,M.jsx)(Y,{search:n},n),r.isAdmin&&(0,M.jsx)(X,{}),r.isSuperAdmin&&(0,M.jsx)(P,{})]}):(0,M.jsx)(i,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:e.notAllowed,onRetry:t.reload})})}function Y({search:e}){let t=w(),n=E(K,{search:e,first:20},e=>e.findMembers.pageInfo);return(0,M.jsxs)(`section`,{children:[(0,M.jsx)(`h2`,{children:t.found}),(0,M.jsx)(D,{list:n,items:e=>e.findMembers.edges.map(e=>e.node),empty:(0,M.jsx)(`p`,{children:t.nobody}),children:e=>(0,M.jsx)(k,{...e})})]})}function X(){let e=w(),t=E(q,{first:50},e=>e.moderators.pageInfo);return(0,M.jsxs)(`section`,{children:[(0,M.jsx)(`h2`,{children:e.moderators}),(0,M.jsx)(D,{list:t,items:e=>e.moderators.edges.map(e=>e.node),empty:(0,M.jsx)(`p`,{children:e.noModerators}),forbidden:x().failure.FORBIDDEN.help,children:e=>(0,M.jsx)(k,{...e})})]})}export{J as ModerationPage};