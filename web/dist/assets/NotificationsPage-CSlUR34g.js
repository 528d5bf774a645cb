import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Bt as n,Ct as r,Dt as i,Et as a,Kt as o,Nn as s,Rt as c,Sn as l,Zt as u,dt as d,ht as f,kt as p,l as m,n as h,pt as g,qt as _,rt as v,tt as y,y as b,yt as x}from"./shared-DafN4PSE.js";import{t as S}from"./MarkReadMutation-D8aCLbrP.js";import{o as C,q as w}from"./index-BP7IJ8nZ.js";var T=e(s(),1),E=p(),D=o(`
  fragment NotificationItem on Notification {
    id
    kind
    createdAt
    readAt
    reason
    actor {
      id
      name
    }
    fostering {
      id
      startDate
      endDate
      catProfile {
        id
        name
      }
    }
    catProfile {
      id
      name
    }
  }
`),O=[`PASSWORD_CHANGED`,`EMAIL_CHANGED`,`SECOND_FACTOR_CHANGED`];function k({data:e,onOpen:t}){let{text:n,format:r}=a(),i=x(),o=w(),{kind:s,actor:c,fostering:u,catProfile:d,createdAt:f,readAt:p,reason:h}=_(D,e),g=n.notifications.kinds,v=u?.catProfile??d,y=c?(0,E.jsx)(b,{text:g[s],name:o(c.name)}):n.notifications.nobody[s]??g[s](n.notifications.somebody);return(0,E.jsxs)(`article`,{className:p?C.item:C.unread,children:[(0,E.jsxs)(`p`,{children:[!p&&(0,E.jsx)(`span`,{className:C.new,children:n.notifications.unread}),` `,u?(0,E.jsx)(l,{to:`/fosterings/${u.id}`,onClick:()=>t(u.id),children:y}):O.includes(s)?(0,E.jsx)(l,{to:`/settings`,children:y}):y]}),h&&(0,E.jsx)(m,{text:h}),(0,E.jsxs)(`p`,{className:C.about,children:[v&&(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(`bdi`,{children:v.name}),` · `]}),u&&(0,E.jsxs)(E.Fragment,{children:[r.period(u),` · `]}),i(f)]})]})}var A=o(`
    query Notifications($first: Int!, $after: Cursor) {
      ...Viewer
      me {
        id
        notifications(first: $first, after: $after) {
          edges {
            node {
              id
              ...NotificationItem
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,[f,D]);function j(){let e=i().notifications,[a,o]=(0,T.useState)(),s=c(A,{first:20},e=>e.me.notifications),[,l]=u(S),f=s.data?.me.notifications.edges[0]?.node,p=s.data?r(s.data).unreadNotifications:0;async function m(e,t){let{error:r}=await l({upTo:e,about:t??null});o(r&&n(r)),s.reload()}return(0,E.jsxs)(`div`,{className:C.page,children:[(0,E.jsxs)(`div`,{className:C.heading,children:[(0,E.jsx)(v,{title:e.title}),f&&p>0&&(0,E.jsx)(g,{small:!0,onClick:({currentTarget:e})=>{y(e)?.focus({preventScroll:!0}),m(f.id)},children:e.markAll})]}),a&&(0,E.jsx)(t,{failure:a,onRetry:s.reload}),(0,E.jsx)(h,{list:s,items:e=>e.me.notifications.edges.map(e=>e.node),empty:(0,E.jsx)(d,{title:e.empty,children:e.emptyHelp}),children:e=>(0,E.jsx)(k,{data:e,onOpen:t=>void m(e.id,t)})})]})}export{j as NotificationsPage};