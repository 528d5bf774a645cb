import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Ct as t,Et as n,It as r,Lt as i,M as a,Ot as o,U as s,_n as c,at as l,d as u,et as d,hn as f,ht as p,jt as m,k as h,kt as g,l as _,n as v,ot as y,p as b,pt as x,q as S,r as C,tt as w,w as ee}from"./shared-MDYQo7Gp.js";import{H as T,K as E,U as D,V as O,ct as k,dt as A,ft as j,lt as M,nt as N,q as P,ut as F}from"./index-c4_QKH4G.js";var I=e(c(),1),L=p();function R({catId:e}){let n=x().carePlan,{data:r}=t(v,{id:e});return!r||!C(r)?.carePlan?null:(0,L.jsx)(`p`,{children:(0,L.jsx)(d,{small:!0,to:`/cats/${e}/care`,children:n.title})})}var z={page:`_page_vsx80_2`,section:`_section_vsx80_3`,box:`_box_vsx80_14`,messages:`_messages_vsx80_26`,day:`_day_vsx80_31`,bubble:`_bubble_vsx80_38`,own:`_own_vsx80_46`,meta:`_meta_vsx80_51`,composer:`_composer_vsx80_56`,status:`_status_vsx80_61`,closed:`_closed_vsx80_67`},B=o(`
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
`),V=o(`
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
  `,[w,B,P,D]),H=o(`
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,[w,B]),U=o(`
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
`);function W({fosteringId:e,onSent:t,onConflict:n}){let r=x().conversation,o=(0,I.useRef)(null),[s,c]=(0,I.useState)(),[,l]=i(U);function d(e){e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&(e.preventDefault(),e.currentTarget.form?.requestSubmit())}return(0,L.jsxs)(`div`,{className:z.composer,children:[(0,L.jsx)(h,{draft:`message-${e}`,once:!0,submit:r.send,onSubmit:async r=>{c(`sending`);let i={fosteringId:e,text:u(r,`text`),idempotencyKey:u(r,`idempotencyKey`)},{data:a,error:s}=await l({input:i});if(c(a?`sent`:void 0),s){let e=m(s);return e.code===`CONFLICT`&&n(),e}o.current.value=``,o.current.focus(),a&&t(a.sendMessage)},children:(0,L.jsx)(a,{ref:o,label:r.message,name:`text`,required:!0,maxLength:b,rows:2,hint:r.hint,readOnly:s===`sending`,onKeyDown:d,onInput:()=>c(void 0)})}),(0,L.jsx)(`p`,{role:`status`,className:z.status,children:s&&r[s]})]})}function G({messages:e,viewerId:t,earlier:n}){let r=x().conversation,i=l(),a=y(),o=M(),s=K(e,t);return(0,L.jsxs)(`div`,{ref:s,className:z.box,role:`log`,"aria-label":r.messages,tabIndex:0,children:[(0,L.jsx)(_,{list:n,label:r.earlier}),e.length===0&&(0,L.jsx)(`p`,{className:z.day,children:r.none}),(0,L.jsx)(`ol`,{className:z.messages,children:e.map(({id:n,author:r,createdAt:s,text:c},l)=>{let u=i(s),d=l===0||u!==i(e[l-1].createdAt);return(0,L.jsxs)(`li`,{className:r.id===t?z.own:z.other,children:[d&&(0,L.jsx)(`p`,{className:z.day,children:u}),(0,L.jsxs)(`div`,{className:z.bubble,children:[(0,L.jsxs)(`p`,{className:z.meta,children:[(0,L.jsx)(`bdi`,{children:o(r.name)}),` · `,(0,L.jsx)(`time`,{dateTime:s,children:a(s)})]}),(0,L.jsx)(N,{text:c,links:!0}),r.id!==t&&(0,L.jsx)(j,{subjectId:n})]})]},n)})})]})}function K(e,t){let n=(0,I.useRef)(null),r=(0,I.useRef)({first:``,last:``,height:0});return(0,I.useLayoutEffect)(()=>{let i=n.current,{first:a,last:o,height:s}=r.current,c={first:e[0]?.id??``,last:e.at(-1)?.id??``,height:i.scrollHeight};r.current=c;let l=s-i.scrollTop-i.clientHeight<80,u=c.last!==o,d=!e.some(({id:e})=>e===o);u&&(l||d||e.at(-1)?.author.id===t)?i.scrollTop=c.height:c.first!==a&&(i.scrollTop+=c.height-s)},[e,t]),n}var q={messages:[],hasEarlier:!1};function J({edges:e,pageInfo:t}){return{messages:e.map(({node:e})=>e),hasEarlier:t.hasPreviousPage,start:e[0]?.cursor}}function Y(e,t){let n=J(t),r=e.messages.findIndex(({id:e})=>e===n.messages[0]?.id);return r<1?n:{...e,messages:[...e.messages.slice(0,r),...n.messages]}}function X(e,t,n){if(e.start!==t)return e;let r=J(n);return{...r,messages:[...r.messages,...e.messages]}}function Z(e,t){return{...e,messages:[...e.messages.filter(({id:e})=>e!==t.id),t]}}function Q(e){let a=r(),o=t(V,{id:e,last:20}),[s,c]=(0,I.useState)(q),[l,u]=(0,I.useState)({fetching:!1}),d=o.data?.fostering&&g(B,o.data.fostering.messages),[f,p]=(0,I.useState)();d&&d!==f&&(p(d),c(Y(s,d)));let h=(0,I.useRef)(o.reload);(0,I.useEffect)(()=>{h.current=o.reload}),(0,I.useEffect)(()=>{let e=()=>document.visibilityState===`visible`&&h.current();return document.addEventListener(`visibilitychange`,e),()=>document.removeEventListener(`visibilitychange`,e)},[]),n(`MESSAGE`,t=>{t===e&&o.reload()});let[,_]=i(O),{me:v,fostering:y}=o.data??{},b=y&&v&&v.unreadNotifications>0?v.notifications.edges[0]?.node.id:void 0;(0,I.useEffect)(()=>{b&&document.visibilityState===`visible`&&_({upTo:b,about:e})},[b,e,_]);async function x(){let t=s.start;if(!t||l.fetching)return;u({fetching:!0});let{data:n,error:r}=await a.query(H,{id:e,last:20,before:t},{requestPolicy:`network-only`}).toPromise();u({fetching:!1,failure:r&&m(r)});let{fostering:i}=n??{};i&&c(e=>X(e,t,g(B,i.messages)))}return{loaded:o,messages:s.messages,earlier:{...l,hasMore:s.hasEarlier,loadMore:()=>void x(),reload:()=>void x()},add:e=>c(t=>Z(t,e))}}function te(){let{id:e}=f();return(0,L.jsx)(ne,{id:e},e)}function ne({id:e}){let t=x().conversation,n=M(),{loaded:r,messages:i,earlier:a,add:o}=Q(e);return(0,L.jsx)(F,{loaded:r,skeleton:(0,L.jsx)(s,{lines:6}),children:({me:s,fostering:c})=>{if(!c)return(0,L.jsx)(A,{});let{participant:l,catProfile:{owner:u}}=c;if(s.id!==l.id&&s.id!==u.id)return(0,L.jsx)(A,{});let d=s.id===u.id?l:u,f=n(d.name);return(0,L.jsxs)(`div`,{className:z.page,children:[(0,L.jsx)(S,{title:t.with(f),children:(0,L.jsx)(ee,{text:t.with,name:f})}),s.id===u.id?(0,L.jsx)(T,{data:c,onReload:r.reload,inConversation:!0}):(0,L.jsx)(E,{data:c,onReload:r.reload,inConversation:!0}),(0,L.jsxs)(re,{children:[(0,L.jsx)(G,{messages:i,viewerId:s.id,earlier:{...a,data:void 0}}),c.viewerCanWrite?(0,L.jsx)(W,{fosteringId:e,onSent:e=>{o(e),r.reload()},onConflict:r.reload}):(0,L.jsx)(`p`,{className:z.closed,children:k(d.name)?t.left:$(c,d)?t.closed:t.ended(90)}),!c.viewerCanWrite&&s.id===l.id&&$(c,u)&&(0,L.jsx)(R,{catId:c.catProfile.id})]})]})}})}var $=({status:e},t)=>[`APPROVED`,`ACTIVE`].includes(e)||e===`COMPLETED`&&t.email!==null;function re({children:e}){let t=x().conversation,n=(0,I.useRef)(null);return(0,I.useEffect)(()=>{n.current?.scrollIntoView({block:`end`})},[]),(0,L.jsxs)(`section`,{ref:n,className:z.section,children:[(0,L.jsx)(`h2`,{children:t.title}),e]})}export{te as ConversationPage};