const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ProfileForm-8mY3ibCK.js","assets/shared-94jfGhsW.js","assets/rolldown-runtime-pP25SEvz.js","assets/PhotosField-Bq8okBFt.js","assets/kept-CMKyE2-e.js","assets/index-BPsbRwYK.js","assets/ReferenceFragment-BdnHMYwN.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Dt as t,K as n,Kt as r,Lt as i,Ot as a,X as o,c as s,dt as c,ht as l,jn as u,kt as d,mt as f,pt as p,t as m,tt as h,v as g}from"./shared-94jfGhsW.js";import{a as _,i as v,n as y,o as b,r as x,t as S}from"./PersonReferences-vnGXfyMO.js";import{Q as C}from"./index-BPsbRwYK.js";var w=e(u(),1),T=r(`
    fragment ProfileForm on User {
      id
      bio
      location
      place {
        id
        ...Place
      }
      photo {
        id
        alt
      }
      ...Portrait
    }
  `,[o,C]),E=d(),D=s(()=>a(async()=>{let{ProfileForm:e}=await import(`./ProfileForm-8mY3ibCK.js`);return{ProfileForm:e}},__vite__mapDeps([0,1,2,3,4,5,6])).then(({ProfileForm:e})=>e)),O=r(`
    query Profile {
      ...Viewer
      me {
        id
        isSuperAdmin
        isModerator
        ...Person
        ...PersonCats
        ...ProfileForm
      }
    }
  `,[l,_,x,T]);function k(){let e=t(),r=i(O,{}),[a,o]=(0,w.useState)(!1),s=(0,E.jsxs)(f,{kind:`primary`,to:`/cats/new`,children:[(0,E.jsx)(h,{name:`plus`}),e.cats.add]});return(0,E.jsx)(m,{loaded:r,skeleton:(0,E.jsx)(n,{lines:6}),children:({me:t})=>(0,E.jsxs)(`div`,{className:b.page,children:[(0,E.jsx)(v,{data:t,actions:(0,E.jsx)(A,{admins:t.isSuperAdmin===!0,moderates:t.isModerator===!0,onEdit:()=>o(!0)})}),a&&(0,E.jsx)(g,{title:e.profile.edit,onClose:()=>o(!1),children:(0,E.jsx)(D,{data:t,onClose:()=>o(!1)})}),(0,E.jsx)(y,{data:t,own:!0,title:e.profile.myCats,action:s,empty:(0,E.jsx)(c,{title:e.profile.noCats,children:e.profile.noCatsHelp})}),(0,E.jsx)(S,{id:t.id})]})})}function A({admins:e,moderates:n,onEdit:r}){let i=t();return(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(p,{small:!0,onClick:r,children:i.profile.edit}),(0,E.jsx)(f,{small:!0,to:`/settings`,children:i.account.settings}),n&&(0,E.jsx)(f,{small:!0,to:`/moderation`,children:i.admin.moderation}),e&&(0,E.jsx)(f,{small:!0,to:`/admin`,children:i.admin.title})]})}export{k as ProfilePage,T as t};