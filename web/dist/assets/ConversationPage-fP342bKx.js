import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Et as t,Gt as n,It as r,Kt as i,O as a,Ot as o,P as s,T as c,U as l,Ut as u,Xt as d,Yt as f,Z as p,i as m,jn as h,kn as g,l as _,mt as v,nt as y,p as b,pt as x,t as S,vt as C,y as w,yt as T,zt as E}from"./shared-qVqdcmQF.js";import{n as D,t as O}from"./CarePlanQuery-u0tipZDW.js";import{B as k,J as A,K as j,R as M,V as N,q as P}from"./index-DgYNLn-4.js";import{t as F}from"./ReportButton-B-eGYwgr.js";import{t as I}from"./MarkReadMutation-BlPOwqq8.js";var L=e(h(),1),R=o();function z({catId:e}){let n=t().carePlan,{data:i}=r(O,{id:e});return!i||!D(i)?.carePlan?null:(0,R.jsx)(`p`,{children:(0,R.jsx)(x,{small:!0,to:`/cats/${e}/care`,children:n.title})})}var B={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},V=n(`
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
`),H=n(`
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
  `,[v,V,N,A]),U=n(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[v,V]),W=n(`
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
`);function G({fosteringId:e,onSent:n,onConflict:r}){let i=t().conversation,o=(0,L.useRef)(null),[l,u]=(0,L.useState)(),[,f]=d(W);function p(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,R.jsxs)(`div`,{className:B.composer,children:[(0,R.jsx)(c,{draft:`message-${e}`,once:!0,submit:i.send,onSubmit:async t=>{u(`sending`);let i={fosteringId:e,text:b(t,`text`),idempotencyKey:b(t,`idempotencyKey`)},{data:a,error:s}=await f({input:i});if(u(a?`sent`:void 0),s){let e=E(s);return e.code===`CONFLICT`&&r(),e}o.current.value=``,o.current.focus(),a&&n(a.sendMessage)},children:(0,R.jsx)(a,{ref:o,label:i.message,name:`text`,required:!0,maxLength:s,rows:2,hint:i.hint,readOnly:l===`sending`,onKeyDown:p,onInput:()=>u(void 0)})}),(0,R.jsx)(`p`,{role:`status`,className:B.status,children:l&&i[l]})]})}function K({messages:e,viewerId:n,earlier:r}){let i=t().conversation,a=C(),o=T(),s=P(),c=q(e,n);return(0,R.jsxs)(`div`,{ref:c,className:B.box,role:`log`,"aria-label":i.messages,tabIndex:0,children:[(0,R.jsx)(p,{list:r,label:i.earlier}),e.length===0&&(0,R.jsx)(`p`,{className:B.day,children:i.none}),(0,R.jsx)(`ol`,{className:B.messages,children:e.map(({id:t,author:r,createdAt:i,text:c},l)=>{let u=a(i),d=l===0||u!==a(e[l-1].createdAt);return(0,R.jsxs)(`li`,{className:r.id===n?B.own:B.other,children:[d&&(0,R.jsx)(`p`,{className:B.day,children:u}),(0,R.jsxs)(`div`,{className:B.bubble,children:[(0,R.jsxs)(`p`,{className:B.meta,children:[(0,R.jsx)(`bdi`,{children:s(r.name)}),` · `,(0,R.jsx)(`time`,{dateTime:i,children:o(i)})]}),(0,R.jsx)(_,{text:c,links:!0}),r.id!==n&&(0,R.jsx)(F,{subjectId:t})]})]},t)})})]})}function q(e,t){let n=(0,L.useRef)(null),r=(0,L.useRef)({first:``,last:``,height:0});return(0,L.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var J={messages:[],hasEarlier:!1};function Y({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function X(e,t){let n=Y(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function Z(e,t,n){if(e.start!==t)return e;let r=Y(n);return{...r,messages:[...r.messages,...e.messages]}}function Q(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function ee(e){let t=f(),n=r(H,{id:e,last:20}),[a,o]=(0,L.useState)(J),[s,c]=(0,L.useState)({fetching:!1}),l=n.data?.fostering&&i(V,n.data.fostering.messages),[p,m]=(0,L.useState)();l&&l!==p&&(m(l),o(X(a,l)));let h=(0,L.useRef)(n.reload);(0,L.useEffect)(()=>{h.current=n.reload}),(0,L.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&h.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),u(`MESSAGE`,t=>{t===e&&n.reload()});let[,g]=d(I),{me:_,fostering:v}=n.data??{},y=v&&_&&_.unreadNotifications>0?_.notifications.edges[0]?.node.id:void 0;(0,L.useEffect)(()=>{y&&document.visibilityState===`visible`&&g({upTo:y,about:e})},[y,e,g]);async function b(){let n=a.start;if(!n||s.fetching)return;c({fetching:!0});let{data:r,error:l}=await t.query(U,{id:e,last:20,before:n},{requestPolicy:`network-only`}).toPromise();c({fetching:!1,failure:l&&E(l)});let{fostering:u}=r??{};u&&o(e=>Z(e,n,i(V,u.messages)))}return{loaded:n,messages:a.messages,earlier:{...s,hasMore:a.hasEarlier,loadMore:()=>void b(),reload:()=>void b()},add:e=>o(t=>Q(t,e))}}function te(){let{id:e}=g();return(0,R.jsx)(ne,{id:e},e)}function ne({id:e}){let n=t().conversation,r=P(),{loaded:i,messages:a,earlier:o,add:s}=ee(e);return(0,R.jsx)(S,{loaded:i,skeleton:(0,R.jsx)(l,{lines:6}),children:({me:t,fostering:c})=>{if(!c)return(0,R.jsx)(m,{});let{participant:l,catProfile:{owner:u}}=c;if(t.id!==l.id&&t.id!==u.id)return(0,R.jsx)(m,{});let d=t.id===u.id?l:u,f=r(d.name);return(0,R.jsxs)(`div`,{className:B.page,children:[(0,R.jsx)(y,{title:n.with(f),children:(0,R.jsx)(w,{text:n.with,name:f})}),t.id===u.id?(0,R.jsx)(M,{data:c,onReload:i.reload,inConversation:!0}):(0,R.jsx)(k,{data:c,onReload:i.reload,inConversation:!0}),(0,R.jsxs)(re,{children:[(0,R.jsx)(K,{messages:a,viewerId:t.id,earlier:{...o,data:void 0}}),c.viewerCanWrite?(0,R.jsx)(G,{fosteringId:e,onSent:e=>{s(e),i.reload()},onConflict:i.reload}):(0,R.jsx)(`p`,{className:B.closed,children:j(d.name)?n.left:$(c,d)?n.closed:n.ended(90)}),!c.viewerCanWrite&&t.id===l.id&&$(c,u)&&(0,R.jsx)(z,{catId:c.catProfile.id})]})]})}})}var $=({status:e},t)=>[`APPROVED`,`ACTIVE`].includes(e)||e===`COMPLETED`&&t.email!==null;function re({children:e}){let n=t().conversation,r=(0,L.useRef)(null);return(0,L.useEffect)(()=>{r.current?.scrollIntoView({block:`end`})},[]),(0,R.jsxs)(`section`,{ref:r,className:B.section,children:[(0,R.jsx)(`h2`,{children:n.title}),e]})}export{te as ConversationPage};