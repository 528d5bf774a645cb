const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/ProfileForm-D7bsCbEK.js","assets/shared-D3IEIQEw.js","assets/rolldown-runtime-pP25SEvz.js","assets/PhotosField-OBa9V0HF.js","assets/kept-CMKyE2-e.js","assets/index-DpbU5mep.js","assets/ReferenceFragment-oXxfBG_E.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{Dt as t,Et as n,Gt as r,It as i,Mn as a,Ot as o,Q as s,U as c,ft as l,h as u,mt as d,o as f,pt as p,q as m,t as h,ut as g}from"./shared-D3IEIQEw.js";import{a as _,i as v,n as y,o as b,r as x,t as S}from"./PersonReferences-DBYFMWA7.js";import{Q as C}from"./index-DpbU5mep.js";var w=e(a(),1),T=r(`
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
  `,[m,C]),E=o(),D=f(()=>t(async()=>{let{ProfileForm:e}=await import(`./ProfileForm-D7bsCbEK.js`);return{ProfileForm:e}},__vite__mapDeps([0,1,2,3,4,5,6])).then(({ProfileForm:e})=>e)),O=r(`
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
  `,[d,_,x,T]);function k(){let e=n(),t=i(O,{}),[r,a]=(0,w.useState)(!1),o=(0,E.jsxs)(p,{kind:`primary`,to:`/cats/new`,children:[(0,E.jsx)(s,{name:`plus`}),e.cats.add]});return(0,E.jsx)(h,{loaded:t,skeleton:(0,E.jsx)(c,{lines:6}),children:({me:t})=>(0,E.jsxs)(`div`,{className:b.page,children:[(0,E.jsx)(v,{data:t,actions:(0,E.jsx)(A,{moderates:t.isModerator===!0,onEdit:()=>a(!0)})}),r&&(0,E.jsx)(u,{title:e.profile.edit,onClose:()=>a(!1),children:(0,E.jsx)(D,{data:t,onClose:()=>a(!1)})}),(0,E.jsx)(y,{data:t,own:!0,title:e.profile.myCats,action:o,empty:(0,E.jsx)(g,{title:e.profile.noCats,children:e.profile.noCatsHelp})}),(0,E.jsx)(S,{id:t.id})]})})}function A({moderates:e,onEdit:t}){let r=n();return(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(l,{small:!0,onClick:t,children:r.profile.edit}),(0,E.jsx)(p,{small:!0,to:`/settings`,children:r.account.settings}),e&&(0,E.jsx)(p,{small:!0,to:`/moderation`,children:r.admin.moderation})]})}export{k as ProfilePage,T as t};