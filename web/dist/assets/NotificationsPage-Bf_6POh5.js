import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,Et as n,Gt as r,Kt as i,Lt as a,Mn as o,Ot as s,St as c,Tt as l,Xt as u,ft as d,l as f,mt as p,n as m,nt as h,ut as g,vt as _,xn as v,y,zt as b}from"./shared-D3IEIQEw.js";import{t as x}from"./MarkReadMutation-CKjZz1qi.js";import{o as S,q as C}from"./index-DpbU5mep.js";var w=e(o(),1),T=s(),E=r(`
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
`),D=[`PASSWORD_CHANGED`,`EMAIL_CHANGED`,`SECOND_FACTOR_CHANGED`];function O({data:e,onOpen:t}){let{text:n,format:r}=l(),a=_(),o=C(),{kind:s,actor:c,fostering:u,catProfile:d,createdAt:p,readAt:m,reason:h}=i(E,e),g=n.notifications.kinds,b=u?.catProfile??d,x=c?(0,T.jsx)(y,{text:g[s],name:o(c.name)}):n.notifications.nobody[s]??g[s](n.notifications.somebody);return(0,T.jsxs)(`article`,{className:m?S.item:S.unread,children:[(0,T.jsxs)(`p`,{children:[!m&&(0,T.jsx)(`span`,{className:S.new,children:n.notifications.unread}),` `,u?(0,T.jsx)(v,{to:`/fosterings/${u.id}`,onClick:()=>t(u.id),children:x}):D.includes(s)?(0,T.jsx)(v,{to:`/settings`,children:x}):x]}),h&&(0,T.jsx)(f,{text:h}),(0,T.jsxs)(`p`,{className:S.about,children:[b&&(0,T.jsxs)(T.Fragment,{children:[(0,T.jsx)(`bdi`,{children:b.name}),` · `]}),u&&(0,T.jsxs)(T.Fragment,{children:[r.period(u),` · `]}),a(p)]})]})}var k=r(`
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
  `,[p,E]);function A(){let e=n().notifications,[r,i]=(0,w.useState)(),o=a(k,{first:20},e=>e.me.notifications.pageInfo),[,s]=u(x),l=o.data?.me.notifications.edges[0]?.node,f=o.data?c(o.data).unreadNotifications:0;async function p(e,t){let{error:n}=await s({upTo:e,about:t??null});i(n&&b(n)),o.reload()}return(0,T.jsxs)(`div`,{className:S.page,children:[(0,T.jsxs)(`div`,{className:S.heading,children:[(0,T.jsx)(h,{title:e.title}),l&&f>0&&(0,T.jsx)(d,{small:!0,onClick:()=>void p(l.id),children:e.markAll})]}),r&&(0,T.jsx)(t,{failure:r,onRetry:o.reload}),(0,T.jsx)(m,{list:o,items:e=>e.me.notifications.edges.map(e=>e.node),empty:(0,T.jsx)(g,{title:e.empty,children:e.emptyHelp}),children:e=>(0,T.jsx)(O,{data:e,onOpen:t=>void p(e.id,t)})})]})}export{A as NotificationsPage};