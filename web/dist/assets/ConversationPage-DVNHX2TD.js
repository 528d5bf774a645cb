import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,Kt as r,Lt as i,Nn as a,O as o,P as s,T as c,U as l,Wt as u,Xt as d,Z as f,Zt as p,bt as m,ht as h,i as g,jn as _,kt as v,l as y,mt as b,p as x,qt as S,rt as C,t as w,y as T,yt as E}from"./shared-DafN4PSE.js";import{n as D,t as O}from"./CarePlanQuery-lyQlOiav.js";import{B as k,J as A,K as ee,R as j,V as M,q as N}from"./index-BP7IJ8nZ.js";import{t as P}from"./ReportButton-CbY8XqJ8.js";import{t as F}from"./MarkReadMutation-D8aCLbrP.js";var I=e(a(),1),L=v();function R({catId:e}){let t=n().carePlan,{data:r}=i(O,{id:e});return!r||!D(r)?.carePlan?null:(0,L.jsx)(`p`,{children:(0,L.jsx)(b,{small:!0,to:`/cats/${e}/care`,children:t.title})})}var z={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},B=r(`
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
`),V=r(`
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
        status
        participant {
          id
          name
          email
        }
        catProfile {
          id
          owner {
            id
            name
            email
          }
        }
        messages(last: $last) {
          ...Messages
        }
        ...MyFostering
        ...IncomingRequest
      }
    }
  `,[h,B,M,A]),H=r(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[h,B]),U=r(`
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
`);function W({fosteringId:e,onSent:r,onConflict:i}){let a=n().conversation,l=(0,I.useRef)(null),[u,d]=(0,I.useState)(),[,f]=p(U);function m(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,L.jsxs)(`div`,{className:z.composer,children:[(0,L.jsx)(c,{draft:`message-${e}`,once:!0,submit:a.send,onSubmit:async n=>{let a=l.current;d(`sending`);let o={fosteringId:e,text:x(n,`text`),idempotencyKey:x(n,`idempotencyKey`)},{data:s,error:c}=await f({input:o});if(d(s?`sent`:void 0),c){let e=t(c);return e.code===`CONFLICT`&&i(),e}a.value=``,a.focus(),s&&r(s.sendMessage)},children:(0,L.jsx)(o,{ref:l,label:a.message,name:`text`,required:!0,maxLength:s,rows:2,hint:a.hint,readOnly:u===`sending`,onKeyDown:m,onInput:()=>d(void 0)})}),(0,L.jsx)(`p`,{role:`status`,className:z.status,children:u&&a[u]})]})}function G({messages:e,viewerId:t,earlier:r}){let i=n().conversation,a=E(),o=m(),s=N(),c=K(e,t);return(0,L.jsxs)(`div`,{ref:c,className:z.box,role:`log`,"aria-label":i.messages,tabIndex:0,children:[(0,L.jsx)(f,{list:r,label:i.earlier}),e.length===0&&(0,L.jsx)(`p`,{className:z.day,children:i.none}),(0,L.jsx)(`ol`,{className:z.messages,children:e.map(({id:n,author:r,createdAt:i,text:c},l)=>{let u=a(i),d=l===0||u!==a(e[l-1].createdAt);return(0,L.jsxs)(`li`,{className:r.id===t?z.own:z.other,children:[d&&(0,L.jsx)(`p`,{className:z.day,children:u}),(0,L.jsxs)(`div`,{className:z.bubble,children:[(0,L.jsxs)(`p`,{className:z.meta,children:[(0,L.jsx)(`bdi`,{children:s(r.name)}),` · `,(0,L.jsx)(`time`,{dateTime:i,children:o(i)})]}),(0,L.jsx)(y,{text:c,links:!0}),r.id!==t&&(0,L.jsx)(P,{subjectId:n})]})]},n)})})]})}function K(e,t){let n=(0,I.useRef)(null),r=(0,I.useRef)({first:``,last:``,height:0});return(0,I.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var q={messages:[],hasEarlier:!1};function J({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function Y(e,t){let n=J(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function X(e,t,n){if(e.start!==t)return e;let r=J(n);return{...r,messages:[...r.messages,...e.messages]}}function Z(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function Q(e){let n=d(),r=i(V,{id:e,last:20}),[a,o]=(0,I.useState)(q),[s,c]=(0,I.useState)({fetching:!1}),l=r.data?.fostering&&S(B,r.data.fostering.messages),[f,m]=(0,I.useState)();l&&l!==f&&(m(l),o(Y(a,l)));let h=(0,I.useRef)(r.reload);(0,I.useEffect)(()=>{h.current=r.reload}),(0,I.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&h.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),u(`MESSAGE`,t=>{t===e&&r.reload()});let[,g]=p(F),{me:_,fostering:v}=r.data??{},y=v&&_&&_.unreadNotifications>0?_.notifications.edges[0]?.node.id:void 0;(0,I.useEffect)(()=>{let t=()=>{y&&document.visibilityState===`visible`&&g({upTo:y,about:e})};return t(),document.addEventListener(`visibilitychange`,t),()=>document.removeEventListener(`visibilitychange`,t)},[y,e,g]);async function b(){let r=a.start;if(!r||s.fetching)return;c({fetching:!0});let{data:i,error:l}=await n.query(H,{id:e,last:20,before:r},{requestPolicy:`network-only`}).toPromise();c({fetching:!1,failure:l&&t(l)});let{fostering:u}=i??{};u&&o(e=>X(e,r,S(B,u.messages)))}return{loaded:r,messages:a.messages,earlier:{...s,hasMore:a.hasEarlier,loadMore:()=>void b(),reload:()=>void b()},add:e=>o(t=>Z(t,e))}}function te(){let{id:e}=_();return(0,L.jsx)(ne,{id:e},e)}function ne({id:e}){let t=n().conversation,r=N(),{loaded:i,messages:a,earlier:o,add:s}=Q(e);return(0,L.jsx)(w,{loaded:i,skeleton:(0,L.jsx)(l,{lines:6}),children:({me:n,fostering:c})=>{if(!c)return(0,L.jsx)(g,{});let{participant:l,catProfile:{owner:u}}=c;if(n.id!==l.id&&n.id!==u.id)return(0,L.jsx)(g,{});let d=n.id===u.id?l:u,f=r(d.name);return(0,L.jsxs)(`div`,{className:z.page,children:[(0,L.jsx)(C,{title:t.with(f),children:(0,L.jsx)(T,{text:t.with,name:f})}),n.id===u.id?(0,L.jsx)(j,{data:c,onReload:i.reload,inConversation:!0}):(0,L.jsx)(k,{data:c,onReload:i.reload,inConversation:!0}),(0,L.jsxs)(re,{children:[(0,L.jsx)(G,{messages:a,viewerId:n.id,earlier:{...o,data:void 0}}),c.viewerCanWrite?(0,L.jsx)(W,{fosteringId:e,onSent:e=>{s(e),i.reload()},onConflict:i.reload}):(0,L.jsx)(`p`,{className:z.closed,children:ee(d.name)?t.left:$(c,d)?t.closed:t.ended(90)}),!c.viewerCanWrite&&n.id===l.id&&$(c,u)&&(0,L.jsx)(R,{catId:c.catProfile.id})]})]})}})}var $=({status:e},t)=>[`APPROVED`,`ACTIVE`].includes(e)||e===`COMPLETED`&&t.email!==null;function re({children:e}){let t=n().conversation,r=(0,I.useRef)(null);return(0,I.useEffect)(()=>{r.current?.scrollIntoView({block:`end`})},[]),(0,L.jsxs)(`section`,{ref:r,className:z.section,children:[(0,L.jsx)(`h2`,{children:t.title}),e]})}export{te as ConversationPage};