import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,Dt as r,J as i,Lt as a,Mt as o,N as s,Rt as c,T as l,W as u,f as d,gn as f,gt as p,i as m,kt as h,m as g,mt as _,nt as v,ot as y,r as b,st as x,tt as S,u as C,vn as w,wt as T}from"./shared-CwO356SJ.js";import{H as E,K as D,U as O,V as k,ct as A,dt as j,ft as M,lt as N,nt as P,q as F,ut as I}from"./index-DsqDHsEj.js";var L=e(w(),1),R=p();function z({catId:e}){let t=_().carePlan,{data:n}=T(b,{id:e});return!n||!m(n)?.carePlan?null:(0,R.jsx)(`p`,{children:(0,R.jsx)(S,{small:!0,to:`/cats/${e}/care`,children:t.title})})}var B={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},V=h(`
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
`),H=h(`
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
  `,[v,V,F,O]),U=h(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[v,V]),W=h(`
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
`);function G({fosteringId:e,onSent:n,onConflict:r}){let i=_().conversation,a=(0,L.useRef)(null),[l,u]=(0,L.useState)(),[,f]=c(W);function p(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,R.jsxs)(`div`,{className:B.composer,children:[(0,R.jsx)(t,{draft:`message-${e}`,once:!0,submit:i.send,onSubmit:async t=>{u(`sending`);let i={fosteringId:e,text:d(t,`text`),idempotencyKey:d(t,`idempotencyKey`)},{data:s,error:c}=await f({input:i});if(u(s?`sent`:void 0),c){let e=o(c);return e.code===`CONFLICT`&&r(),e}a.current.value=``,a.current.focus(),s&&n(s.sendMessage)},children:(0,R.jsx)(s,{ref:a,label:i.message,name:`text`,required:!0,maxLength:g,rows:2,hint:i.hint,readOnly:l===`sending`,onKeyDown:p,onInput:()=>u(void 0)})}),(0,R.jsx)(`p`,{role:`status`,className:B.status,children:l&&i[l]})]})}function K({messages:e,viewerId:t,earlier:n}){let r=_().conversation,i=y(),a=x(),o=N(),s=q(e,t);return(0,R.jsxs)(`div`,{ref:s,className:B.box,role:`log`,"aria-label":r.messages,tabIndex:0,children:[(0,R.jsx)(C,{list:n,label:r.earlier}),e.length===0&&(0,R.jsx)(`p`,{className:B.day,children:r.none}),(0,R.jsx)(`ol`,{className:B.messages,children:e.map(({id:n,author:r,createdAt:s,text:c},l)=>{let u=i(s),d=l===0||u!==i(e[l-1].createdAt);return(0,R.jsxs)(`li`,{className:r.id===t?B.own:B.other,children:[d&&(0,R.jsx)(`p`,{className:B.day,children:u}),(0,R.jsxs)(`div`,{className:B.bubble,children:[(0,R.jsxs)(`p`,{className:B.meta,children:[(0,R.jsx)(`bdi`,{children:o(r.name)}),` · `,(0,R.jsx)(`time`,{dateTime:s,children:a(s)})]}),(0,R.jsx)(P,{text:c,links:!0}),r.id!==t&&(0,R.jsx)(M,{subjectId:n})]})]},n)})})]})}function q(e,t){let n=(0,L.useRef)(null),r=(0,L.useRef)({first:``,last:``,height:0});return(0,L.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var J={messages:[],hasEarlier:!1};function Y({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function X(e,t){let n=Y(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function Z(e,t,n){if(e.start!==t)return e;let r=Y(n);return{...r,messages:[...r.messages,...e.messages]}}function Q(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function ee(e){let t=a(),i=T(H,{id:e,last:20}),[s,l]=(0,L.useState)(J),[u,d]=(0,L.useState)({fetching:!1}),f=i.data?.fostering&&n(V,i.data.fostering.messages),[p,m]=(0,L.useState)();f&&f!==p&&(m(f),l(X(s,f)));let h=(0,L.useRef)(i.reload);(0,L.useEffect)(()=>{h.current=i.reload}),(0,L.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&h.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),r(`MESSAGE`,t=>{t===e&&i.reload()});let[,g]=c(k),{me:_,fostering:v}=i.data??{},y=v&&_&&_.unreadNotifications>0?_.notifications.edges[0]?.node.id:void 0;(0,L.useEffect)(()=>{y&&document.visibilityState===`visible`&&g({upTo:y,about:e})},[y,e,g]);async function b(){let r=s.start;if(!r||u.fetching)return;d({fetching:!0});let{data:i,error:a}=await t.query(U,{id:e,last:20,before:r},{requestPolicy:`network-only`}).toPromise();d({fetching:!1,failure:a&&o(a)});let{fostering:c}=i??{};c&&l(e=>Z(e,r,n(V,c.messages)))}return{loaded:i,messages:s.messages,earlier:{...u,hasMore:s.hasEarlier,loadMore:()=>void b(),reload:()=>void b()},add:e=>l(t=>Q(t,e))}}function te(){let{id:e}=f();return(0,R.jsx)(ne,{id:e},e)}function ne({id:e}){let t=_().conversation,n=N(),{loaded:r,messages:a,earlier:o,add:s}=ee(e);return(0,R.jsx)(I,{loaded:r,skeleton:(0,R.jsx)(u,{lines:6}),children:({me:c,fostering:u})=>{if(!u)return(0,R.jsx)(j,{});let{participant:d,catProfile:{owner:f}}=u;if(c.id!==d.id&&c.id!==f.id)return(0,R.jsx)(j,{});let p=c.id===f.id?d:f,m=n(p.name);return(0,R.jsxs)(`div`,{className:B.page,children:[(0,R.jsx)(i,{title:t.with(m),children:(0,R.jsx)(l,{text:t.with,name:m})}),c.id===f.id?(0,R.jsx)(E,{data:u,onReload:r.reload,inConversation:!0}):(0,R.jsx)(D,{data:u,onReload:r.reload,inConversation:!0}),(0,R.jsxs)(re,{children:[(0,R.jsx)(K,{messages:a,viewerId:c.id,earlier:{...o,data:void 0}}),u.viewerCanWrite?(0,R.jsx)(G,{fosteringId:e,onSent:e=>{s(e),r.reload()},onConflict:r.reload}):(0,R.jsx)(`p`,{className:B.closed,children:A(p.name)?t.left:$(u,p)?t.closed:t.ended(90)}),!u.viewerCanWrite&&c.id===d.id&&$(u,f)&&(0,R.jsx)(z,{catId:u.catProfile.id})]})]})}})}var $=({status:e},t)=>[`APPROVED`,`ACTIVE`].includes(e)||e===`COMPLETED`&&t.email!==null;function re({children:e}){let t=_().conversation,n=(0,L.useRef)(null);return(0,L.useEffect)(()=>{n.current?.scrollIntoView({block:`end`})},[]),(0,R.jsxs)(`section`,{ref:n,className:B.section,children:[(0,R.jsx)(`h2`,{children:t.title}),e]})}export{te as ConversationPage};