import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{$ as t,A as n,At as r,D as i,I as a,S as o,St as s,Y as c,_ as l,cn as u,et as d,g as f,gt as p,i as m,kt as h,lt as g,n as _,o as v,st as y,un as b,wt as x,xt as S,y as C,yt as w}from"./shared-SDdjf1-m.js";import{B as T,H as E,U as D,V as O,W as k,X as A,nt as j,tt as M}from"./index-IYr1Q52z.js";var N=e(b(),1),P={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},F=S(`
  fragment Messages on MessageConnection {
    edges {
      cursor
      node {
        id
        text
        createdAt
        author {
          id
          name
        }
      }
    }
    pageInfo {
      hasPreviousPage
    }
  }
`),I=S(`
    query Conversation($id: ID!, $last: Int!) {
      ...Viewer
      me {
        id
        unreadNotifications
        notifications(first: 1) {
          edges {
            node {
              id
            }
          }
        }
      }
      fostering(id: $id) {
        id
        viewerCanWrite
        participant {
          id
          name
        }
        catProfile {
          id
          owner {
            id
            name
          }
        }
        messages(last: $last) {
          ...Messages
        }
        ...MyFostering
        ...IncomingRequest
      }
    }
  `,[c,F,k,E]),L=S(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[c,F]),R=S(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      id
      text
      createdAt
      author {
        id
        name
      }
    }
  }
`),z=g();function B({fosteringId:e,onSent:t,onConflict:a}){let o=y().conversation,s=(0,N.useRef)(null),[c,l]=(0,N.useState)(),[,u]=r(R);function d(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,z.jsxs)(`div`,{className:P.composer,children:[(0,z.jsx)(i,{draft:`message-${e}`,once:!0,submit:o.send,onSubmit:async n=>{l(`sending`);let r={fosteringId:e,text:m(n,`text`),idempotencyKey:m(n,`idempotencyKey`)},{data:i,error:o}=await u({input:r});if(l(i?`sent`:void 0),o){let e=x(o);return e.code===`CONFLICT`&&a(),e}s.current.value=``,s.current.focus(),i&&t(i.sendMessage)},children:(0,z.jsx)(n,{ref:s,label:o.message,name:`text`,required:!0,maxLength:v,rows:2,hint:o.hint,readOnly:c===`sending`,onKeyDown:d,onInput:()=>l(void 0)})}),(0,z.jsx)(`p`,{role:`status`,className:P.status,children:c&&o[c]})]})}function V({messages:e,viewerId:n,earlier:r}){let i=y().conversation,a=t(),o=d(),s=l(),c=H(e,n);return(0,z.jsxs)(`div`,{ref:c,className:P.box,role:`log`,"aria-label":i.messages,tabIndex:0,children:[(0,z.jsx)(_,{list:r,label:i.earlier}),e.length===0&&(0,z.jsx)(`p`,{className:P.day,children:i.none}),(0,z.jsx)(`ol`,{className:P.messages,children:e.map(({id:t,author:r,createdAt:i,text:c},l)=>{let u=a(i),d=l===0||u!==a(e[l-1].createdAt);return(0,z.jsxs)(`li`,{className:r.id===n?P.own:P.other,children:[d&&(0,z.jsx)(`p`,{className:P.day,children:u}),(0,z.jsxs)(`div`,{className:P.bubble,children:[(0,z.jsxs)(`p`,{className:P.meta,children:[(0,z.jsx)(`bdi`,{children:s(r.name)}),` · `,(0,z.jsx)(`time`,{dateTime:i,children:o(i)})]}),(0,z.jsx)(A,{text:c,links:!0})]})]},t)})})]})}function H(e,t){let n=(0,N.useRef)(null),r=(0,N.useRef)({first:``,last:``,height:0});return(0,N.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var U={messages:[],hasEarlier:!1};function W({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function G(e,t){let n=W(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function K(e,t,n){if(e.start!==t)return e;let r=W(n);return{...r,messages:[...r.messages,...e.messages]}}function q(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function J(e){let t=h(),n=p(I,{id:e,last:20}),[i,a]=(0,N.useState)(U),[o,c]=(0,N.useState)({fetching:!1}),l=n.data?.fostering&&s(F,n.data.fostering.messages),[u,d]=(0,N.useState)();l&&l!==u&&(d(l),a(G(i,l)));let f=(0,N.useRef)(n.reload);(0,N.useEffect)(()=>{f.current=n.reload}),(0,N.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&f.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),w(`MESSAGE`,t=>{t===e&&n.reload()});let[,m]=r(T),{me:g,fostering:_}=n.data??{},v=_&&g&&g.unreadNotifications>0?g.notifications.edges[0]?.node.id:void 0;(0,N.useEffect)(()=>{v&&document.visibilityState===`visible`&&m({upTo:v,about:e})},[v,e,m]);async function y(){let n=i.start;if(!n||o.fetching)return;c({fetching:!0});let{data:r,error:l}=await t.query(L,{id:e,last:20,before:n},{requestPolicy:`network-only`}).toPromise();c({fetching:!1,failure:l&&x(l)});let{fostering:u}=r??{};u&&a(e=>K(e,n,s(F,u.messages)))}return{loaded:n,messages:i.messages,earlier:{...o,hasMore:i.hasEarlier,loadMore:()=>void y(),reload:()=>void y()},add:e=>a(t=>q(t,e))}}function Y(){let{id:e}=u();return(0,z.jsx)(X,{id:e},e)}function X({id:e}){let t=y().conversation,n=l(),{loaded:r,messages:i,earlier:s,add:c}=J(e);return(0,z.jsx)(M,{loaded:r,skeleton:(0,z.jsx)(C,{lines:6}),children:({me:l,fostering:u})=>{if(!u)return(0,z.jsx)(j,{});let{participant:d,catProfile:{owner:p}}=u;if(l.id!==d.id&&l.id!==p.id)return(0,z.jsx)(j,{});let m=l.id===p.id?d:p,h=n(m.name);return(0,z.jsxs)(`div`,{className:P.page,children:[(0,z.jsx)(a,{title:t.with(h),children:(0,z.jsx)(o,{text:t.with,name:h})}),l.id===p.id?(0,z.jsx)(O,{data:u,onReload:r.reload,inConversation:!0}):(0,z.jsx)(D,{data:u,onReload:r.reload,inConversation:!0}),(0,z.jsxs)(Z,{children:[(0,z.jsx)(V,{messages:i,viewerId:l.id,earlier:{...s,data:void 0}}),u.viewerCanWrite?(0,z.jsx)(B,{fosteringId:e,onSent:e=>{c(e),r.reload()},onConflict:r.reload}):(0,z.jsx)(`p`,{className:P.closed,children:f(m.name)?t.left:t.ended(90)})]})]})}})}function Z({children:e}){let t=y().conversation,n=(0,N.useRef)(null);return(0,N.useEffect)(()=>n.current?.scrollIntoView({block:`end`}),[]),(0,z.jsxs)(`section`,{ref:n,className:P.section,children:[(0,z.jsx)(`h2`,{children:t.title}),e]})}export{Y as ConversationPage};