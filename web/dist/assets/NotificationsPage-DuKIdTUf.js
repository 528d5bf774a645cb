import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Et as n,Gt as r,Kt as i,Lt as a,Ot as o,St as s,Tt as c,Xt as l,bn as u,ft as d,jn as f,l as p,mt as m,n as h,nt as g,ut as _,vt as v,y,zt as b}from"./shared-qVqdcmQF.js";import{t as x}from"./MarkReadMutation-BlPOwqq8.js";import{o as S,q as C}from"./index-DgYNLn-4.js";var w=e(f(),1),T=o(),E=r(`
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
`),D=[`PASSWORD_CHANGED`,`EMAIL_CHANGED`,`SECOND_FACTOR_CHANGED`];function O({data:e,onOpen:t}){let{text:n,format:r}=c(),a=v(),o=C(),{kind:s,actor:l,fostering:d,catProfile:f,createdAt:m,readAt:h,reason:g}=i(E,e),_=n.notifications.kinds,b=d?.catProfile??f,x=l?(0,T.jsx)(y,{text:_[s],name:o(l.name)}):n.notifications.nobody[s]??_[s](n.notifications.somebody);return(0,T.jsxs)(`article`,{className:h?S.item:S.unread,children:[(0,T.jsxs)(`p`,{children:[!h&&(0,T.jsx)(`span`,{className:S.new,children:n.notifications.unread}),` `,d?(0,T.jsx)(u,{to:`/fosterings/${d.id}`,onClick:()=>t(d.id),children:x}):D.includes(s)?(0,T.jsx)(u,{to:`/settings`,children:x}):x]}),g&&(0,T.jsx)(p,{text:g}),(0,T.jsxs)(`p`,{className:S.about,children:[b&&(0,T.jsxs)(T.Fragment,{children:[(0,T.jsx)(`bdi`,{children:b.name}),` · `]}),d&&(0,T.jsxs)(T.Fragment,{children:[r.period(d),` · `]}),a(m)]})]})}var k=r(`
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
  `,[m,E]);function A(){let e=n().notifications,[r,i]=(0,w.useState)(),o=a(k,{first:20},e=>e.me.notifications.pageInfo),[,c]=l(x),u=o.data?.me.notifications.edges[0]?.node,f=o.data?s(o.data).unreadNotifications:0;async function p(e,t){let{error:n}=await c({upTo:e,about:t??null});i(n&&b(n)),o.reload()}return(0,T.jsxs)(`div`,{className:S.page,children:[(0,T.jsxs)(`div`,{className:S.heading,children:[(0,T.jsx)(g,{title:e.title}),u&&f>0&&(0,T.jsx)(d,{small:!0,onClick:()=>void p(u.id),children:e.markAll})]}),r&&(0,T.jsx)(t,{failure:r,onRetry:o.reload}),(0,T.jsx)(h,{list:o,items:e=>e.me.notifications.edges.map(e=>e.node),empty:(0,T.jsx)(_,{title:e.empty,children:e.emptyHelp}),children:e=>(0,T.jsx)(O,{data:e,onOpen:t=>void p(e.id,t)})})]})}export{A as NotificationsPage};