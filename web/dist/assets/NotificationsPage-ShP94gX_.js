import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Ct as n,Dt as r,Et as i,Kt as a,Rt as o,S as s,Zt as c,at as l,d as u,dt as d,ht as f,i as p,jn as m,kt as h,nt as g,pt as _,qt as v,xn as y,yt as b}from"./shared-94jfGhsW.js";import{t as x}from"./MarkReadMutation-CxOiy0Ms.js";import{o as S,q as C}from"./index-BPsbRwYK.js";var w=e(m(),1),T=h(),E=a(`
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
`),D=[`PASSWORD_CHANGED`,`EMAIL_CHANGED`,`SECOND_FACTOR_CHANGED`];function O({data:e,onOpen:t}){let{text:n,format:r}=i(),a=b(),o=C(),{kind:c,actor:l,fostering:d,catProfile:f,createdAt:p,readAt:m,reason:h}=v(E,e),g=n.notifications.kinds,_=d?.catProfile??f,x=l?(0,T.jsx)(s,{text:g[c],name:o(l.name)}):n.notifications.nobody[c]??g[c](n.notifications.somebody);return(0,T.jsxs)(`article`,{className:m?S.item:S.unread,children:[(0,T.jsxs)(`p`,{children:[!m&&(0,T.jsx)(`span`,{className:S.new,children:n.notifications.unread}),` `,d?(0,T.jsx)(y,{to:`/fosterings/${d.id}`,onClick:()=>t(d.id),children:x}):D.includes(c)?(0,T.jsx)(y,{to:`/settings`,children:x}):x]}),h&&(0,T.jsx)(u,{text:h}),(0,T.jsxs)(`p`,{className:S.about,children:[_&&(0,T.jsxs)(T.Fragment,{children:[(0,T.jsx)(`bdi`,{children:_.name}),` · `]}),d&&(0,T.jsxs)(T.Fragment,{children:[r.period(d),` · `]}),a(p)]})]})}var k=a(`
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
  `,[f,E]);function A(){let e=r().notifications,[i,a]=(0,w.useState)(),s=o(k,{first:20},e=>e.me.notifications.pageInfo),[,u]=c(x),f=s.data?.me.notifications.edges[0]?.node,m=s.data?n(s.data).unreadNotifications:0;async function h(e,n){let{error:r}=await u({upTo:e,about:n??null});a(r&&t(r)),s.reload()}return(0,T.jsxs)(`div`,{className:S.page,children:[(0,T.jsxs)(`div`,{className:S.heading,children:[(0,T.jsx)(l,{title:e.title}),f&&m>0&&(0,T.jsx)(_,{small:!0,onClick:()=>void h(f.id),children:e.markAll})]}),i&&(0,T.jsx)(g,{failure:i,onRetry:s.reload}),(0,T.jsx)(p,{list:s,items:e=>e.me.notifications.edges.map(e=>e.node),empty:(0,T.jsx)(d,{title:e.empty,children:e.emptyHelp}),children:e=>(0,T.jsx)(O,{data:e,onOpen:t=>void h(e.id,t)})})]})}export{A as NotificationsPage};