import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Bt as t,Dt as n,K as r,Kt as i,L as a,Lt as o,O as s,S as c,Wt as l,Xt as u,Zt as d,at as f,bt as p,d as m,et as h,g,ht as _,j as v,jn as y,kn as b,kt as x,mt as S,o as C,qt as w,t as T,yt as E}from"./shared-94jfGhsW.js";import{n as D,t as O}from"./CarePlanQuery-D2obFgm7.js";import{B as k,J as A,K as ee,R as j,V as M,q as N}from"./index-BPsbRwYK.js";import{t as P}from"./ReportButton-hoIB9Znm.js";import{t as F}from"./MarkReadMutation-CxOiy0Ms.js";var I=e(y(),1),L=x();function R({catId:e}){let t=n().carePlan,{data:r}=o(O,{id:e});return!r||!D(r)?.carePlan?null:(0,L.jsx)(`p`,{children:(0,L.jsx)(S,{small:!0,to:`/cats/${e}/care`,children:t.title})})}var z={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},B=i(`
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
`),V=i(`
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
  `,[_,B,M,A]),H=i(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[_,B]),U=i(`
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
`);function W({fosteringId:e,onSent:r,onConflict:i}){let o=n().conversation,c=(0,I.useRef)(null),[l,u]=(0,I.useState)(),[,f]=d(U);function p(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,L.jsxs)(`div`,{className:z.composer,children:[(0,L.jsx)(s,{draft:`message-${e}`,once:!0,submit:o.send,onSubmit:async n=>{u(`sending`);let a={fosteringId:e,text:g(n,`text`),idempotencyKey:g(n,`idempotencyKey`)},{data:o,error:s}=await f({input:a});if(u(o?`sent`:void 0),s){let e=t(s);return e.code===`CONFLICT`&&i(),e}c.current.value=``,c.current.focus(),o&&r(o.sendMessage)},children:(0,L.jsx)(v,{ref:c,label:o.message,name:`text`,required:!0,maxLength:a,rows:2,hint:o.hint,readOnly:l===`sending`,onKeyDown:p,onInput:()=>u(void 0)})}),(0,L.jsx)(`p`,{role:`status`,className:z.status,children:l&&o[l]})]})}function G({messages:e,viewerId:t,earlier:r}){let i=n().conversation,a=E(),o=p(),s=N(),c=K(e,t);return(0,L.jsxs)(`div`,{ref:c,className:z.box,role:`log`,"aria-label":i.messages,tabIndex:0,children:[(0,L.jsx)(h,{list:r,label:i.earlier}),e.length===0&&(0,L.jsx)(`p`,{className:z.day,children:i.none}),(0,L.jsx)(`ol`,{className:z.messages,children:e.map(({id:n,author:r,createdAt:i,text:c},l)=>{let u=a(i),d=l===0||u!==a(e[l-1].createdAt);return(0,L.jsxs)(`li`,{className:r.id===t?z.own:z.other,children:[d&&(0,L.jsx)(`p`,{className:z.day,children:u}),(0,L.jsxs)(`div`,{className:z.bubble,children:[(0,L.jsxs)(`p`,{className:z.meta,children:[(0,L.jsx)(`bdi`,{children:s(r.name)}),` · `,(0,L.jsx)(`time`,{dateTime:i,children:o(i)})]}),(0,L.jsx)(m,{text:c,links:!0}),r.id!==t&&(0,L.jsx)(P,{subjectId:n})]})]},n)})})]})}function K(e,t){let n=(0,I.useRef)(null),r=(0,I.useRef)({first:``,last:``,height:0});return(0,I.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var q={messages:[],hasEarlier:!1};function J({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function Y(e,t){let n=J(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function X(e,t,n){if(e.start!==t)return e;let r=J(n);return{...r,messages:[...r.messages,...e.messages]}}function Z(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function Q(e){let n=u(),r=o(V,{id:e,last:20}),[i,a]=(0,I.useState)(q),[s,c]=(0,I.useState)({fetching:!1}),f=r.data?.fostering&&w(B,r.data.fostering.messages),[p,m]=(0,I.useState)();f&&f!==p&&(m(f),a(Y(i,f)));let h=(0,I.useRef)(r.reload);(0,I.useEffect)(()=>{h.current=r.reload}),(0,I.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&h.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),l(`MESSAGE`,t=>{t===e&&r.reload()});let[,g]=d(F),{me:_,fostering:v}=r.data??{},y=v&&_&&_.unreadNotifications>0?_.notifications.edges[0]?.node.id:void 0;(0,I.useEffect)(()=>{y&&document.visibilityState===`visible`&&g({upTo:y,about:e})},[y,e,g]);async function b(){let r=i.start;if(!r||s.fetching)return;c({fetching:!0});let{data:o,error:l}=await n.query(H,{id:e,last:20,before:r},{requestPolicy:`network-only`}).toPromise();c({fetching:!1,failure:l&&t(l)});let{fostering:u}=o??{};u&&a(e=>X(e,r,w(B,u.messages)))}return{loaded:r,messages:i.messages,earlier:{...s,hasMore:i.hasEarlier,loadMore:()=>void b(),reload:()=>void b()},add:e=>a(t=>Z(t,e))}}function te(){let{id:e}=b();return(0,L.jsx)(ne,{id:e},e)}function ne({id:e}){let t=n().conversation,i=N(),{loaded:a,messages:o,earlier:s,add:l}=Q(e);return(0,L.jsx)(T,{loaded:a,skeleton:(0,L.jsx)(r,{lines:6}),children:({me:n,fostering:r})=>{if(!r)return(0,L.jsx)(C,{});let{participant:u,catProfile:{owner:d}}=r;if(n.id!==u.id&&n.id!==d.id)return(0,L.jsx)(C,{});let p=n.id===d.id?u:d,m=i(p.name);return(0,L.jsxs)(`div`,{className:z.page,children:[(0,L.jsx)(f,{title:t.with(m),children:(0,L.jsx)(c,{text:t.with,name:m})}),n.id===d.id?(0,L.jsx)(j,{data:r,onReload:a.reload,inConversation:!0}):(0,L.jsx)(k,{data:r,onReload:a.reload,inConversation:!0}),(0,L.jsxs)(re,{children:[(0,L.jsx)(G,{messages:o,viewerId:n.id,earlier:{...s,data:void 0}}),r.viewerCanWrite?(0,L.jsx)(W,{fosteringId:e,onSent:e=>{l(e),a.reload()},onConflict:a.reload}):(0,L.jsx)(`p`,{className:z.closed,children:ee(p.name)?t.left:$(r,p)?t.closed:t.ended(90)}),!r.viewerCanWrite&&n.id===u.id&&$(r,d)&&(0,L.jsx)(R,{catId:r.catProfile.id})]})]})}})}var $=({status:e},t)=>[`APPROVED`,`ACTIVE`].includes(e)||e===`COMPLETED`&&t.email!==null;function re({children:e}){let t=n().conversation,r=(0,I.useRef)(null);return(0,I.useEffect)(()=>{r.current?.scrollIntoView({block:`end`})},[]),(0,L.jsxs)(`section`,{ref:r,className:z.section,children:[(0,L.jsx)(`h2`,{children:t.title}),e]})}export{te as ConversationPage};