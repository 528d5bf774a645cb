const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ProfileForm-R9GtwTSA.js","assets/shared-DafN4PSE.js","assets/rolldown-runtime-pP25SEvz.js","assets/PhotosField-WQBC-tPD.js","assets/kept-CMKyE2-e.js","assets/index-BP7IJ8nZ.js","assets/ReferenceFragment-CTfrKscG.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Dt as t,Kt as n,Lt as r,Nn as i,Ot as a,Q as o,U as s,dt as c,h as l,ht as u,kt as d,mt as f,o as p,pt as m,q as h,t as g}from"./shared-DafN4PSE.js";import{a as _,i as v,n as y,o as b,r as x,t as S}from"./PersonReferences-DFEwaZPj.js";import{Q as C}from"./index-BP7IJ8nZ.js";var w=e(i(),1),T=n(`
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
  `,[h,C]),E=d(),D=p(()=>a(async()=>{let{ProfileForm:e}=await import(`./ProfileForm-R9GtwTSA.js`);return{ProfileForm:e}},__vite__mapDeps([0,1,2,3,4,5,6])).then(({ProfileForm:e})=>e)),O=n(`
    query Profile {
      ...Viewer
      me {
        id
        isModerator
        ...Person
        ...PersonCats
        ...ProfileForm
      }
    }
  `,[u,_,x,T]);function k(){let e=t(),n=r(O,{}),[i,a]=(0,w.useState)(!1),u=(0,E.jsxs)(f,{kind:`primary`,to:`/cats/new`,children:[(0,E.jsx)(o,{name:`plus`}),e.cats.add]});return(0,E.jsx)(g,{loaded:n,skeleton:(0,E.jsx)(s,{lines:6}),children:({me:t})=>(0,E.jsxs)(`div`,{className:b.page,children:[(0,E.jsx)(v,{data:t,actions:(0,E.jsx)(A,{moderates:t.isModerator===!0,onEdit:()=>a(!0)})}),i&&(0,E.jsx)(l,{title:e.profile.edit,onClose:()=>a(!1),children:(0,E.jsx)(D,{data:t,onClose:()=>a(!1)})}),(0,E.jsx)(y,{data:t,own:!0,title:e.profile.myCats,action:u,empty:(0,E.jsx)(c,{title:e.profile.noCats,children:e.profile.noCatsHelp})}),(0,E.jsx)(S,{id:t.id})]})})}function A({moderates:e,onEdit:n}){let r=t();return(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(m,{small:!0,onClick:n,children:r.profile.edit}),(0,E.jsx)(f,{small:!0,to:`/settings`,children:r.account.settings}),e&&(0,E.jsx)(f,{small:!0,to:`/moderation`,children:r.admin.moderation})]})}export{k as ProfilePage,T as t};