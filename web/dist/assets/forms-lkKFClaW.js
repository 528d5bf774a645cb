import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,Bt as n,D as r,Dn as i,Dt as a,E as o,En as s,I as c,K as l,Kt as u,L as d,Lt as f,M as p,O as m,R as h,S as g,U as _,W as v,X as y,Zt as b,_ as x,at as S,g as C,gt as w,h as T,ht as E,j as D,jn as O,kn as k,kt as A,o as j,p as M,qt as N,rt as P,t as F,xt as I}from"./shared-94jfGhsW.js";import{n as L,t as R}from"./PhotosField-Bq8okBFt.js";import{$ as z,et as B,it as V}from"./index-BPsbRwYK.js";var H=u(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function U(){let[,e]=b(H);return async(t,r=[])=>{for(let{id:i,alt:a}of L(t)){if(a.trim()===(r.find(e=>e.id===i)?.alt??``))continue;let{error:t}=await e({id:i,alt:a.trim()||null});if(t)return n(t)}}}var W=e(O(),1),G={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},K=A(),q=u(`
    fragment CatForm on CatProfile {
      id
      name
      age
      birthDate
      birthDatePrecision
      sex
      breed
      neutered
      vaccinatedUntil
      microchipped
      indoorOnly
      goodWithCats
      goodWithDogs
      goodWithChildren
      needsMedication
      description
      specialCareInstructions
      photos {
        id
        alt
      }
      photosUrls
      place {
        id
        ...Place
      }
      location
      available
      updatedAt
    }
  `,[y]),J=[`DAY`,`MONTH`],Y=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...v];function X(e){let t=C(e,`birthDate`),n=J.find(t=>t===C(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(C(e,`age`)),birthDate:null}}function Z(e){let t=t=>({true:!0,false:!1})[C(e,t)]??null;return{name:C(e,`name`),...X(e),sex:_.find(t=>t===C(e,`sex`))??null,breed:C(e,`breed`),vaccinatedUntil:C(e,`vaccinatedUntil`)||null,...Object.fromEntries(v.map(e=>[e,t(e)])),description:C(e,`description`),specialCareInstructions:C(e,`specialCareInstructions`),photoIds:L(C(e,`photoIds`)).map(({id:e})=>e),placeId:C(e,`placeId`)||null,location:C(e,`location`),available:e.has(`available`)}}function Q(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=V(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=T({...Z(e),photosUrls:x(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...X(e)}:a}function $({data:e,draft:n,submit:i,onReload:s,onSubmit:l,onCancel:u}){let f=a(),h=I(),g=e&&N(q,e),b=g?V(g):[],x=g&&g.birthDatePrecision!==`YEAR`?g.birthDate??``:``,[S,C]=(0,W.useState)(x),[w]=(0,W.useState)(()=>{let e=c(n).map(([e])=>e),t={...g,birthDate:x||null,birthDatePrecision:null};return Y.some(n=>e.includes(n)||(t[n]??null)!==null)});return(0,K.jsxs)(m,{once:!g,draft:n,submit:i,onReload:s,onSubmit:l,onCancel:u,children:[(0,K.jsxs)(`div`,{className:G.row,children:[(0,K.jsx)(p,{label:f.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:g?.name,autoComplete:`off`}),(0,K.jsx)(p,{label:f.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!S,disabled:!!S,min:0,max:40,defaultValue:g?.age,hint:S&&f.cat.ageHint})]}),(0,K.jsx)(D,{label:f.cat.description,name:`description`,required:!0,minLength:3,maxLength:d,defaultValue:g?.description,hint:f.cat.descriptionHint}),(0,K.jsx)(D,{label:f.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:d,optional:!0,defaultValue:g?.specialCareInstructions??void 0,hint:f.cat.careHint}),(0,K.jsx)(B,{label:f.place.label,name:`placeId`,optional:!0,place:g?.place?N(y,g.place):void 0,offersOwn:!0,hint:f.place.hint}),(0,K.jsx)(p,{label:f.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:g?.location??void 0,hint:f.cat.locationHint}),(0,K.jsx)(r,{summary:f.facts.title,open:w,names:Y,children:(0,K.jsxs)(`div`,{className:G.facts,children:[(0,K.jsx)(p,{label:f.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:h,value:S,"data-default":x,onChange:e=>C(e.target.value)}),(0,K.jsx)(t,{label:f.facts.precision,name:`birthDatePrecision`,defaultValue:g?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:J.map(e=>(0,K.jsx)(`option`,{value:e,children:f.facts.precisions[e]},e))}),(0,K.jsxs)(t,{label:f.facts.sexLabel,name:`sex`,defaultValue:g?.sex??``,children:[(0,K.jsx)(`option`,{value:``,children:f.facts.unknown}),_.map(e=>(0,K.jsx)(`option`,{value:e,children:f.facts.sex[e]},e))]}),(0,K.jsx)(z,{defaultValue:g?.breed??void 0,optional:!0}),(0,K.jsx)(p,{label:f.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:g?.vaccinatedUntil??void 0}),v.map(e=>(0,K.jsxs)(t,{label:f.facts[e].label,name:e,defaultValue:String(g?.[e]??``),children:[(0,K.jsx)(`option`,{value:``,children:f.facts.unknown}),(0,K.jsx)(`option`,{value:`true`,children:f.facts.yes}),(0,K.jsx)(`option`,{value:`false`,children:f.facts.no})]},e))]})}),(0,K.jsx)(R,{label:f.cat.photos,name:`photoIds`,hint:f.photo.hint(10),max:10-b.length,photos:g?.photos??[]}),b.length>0&&(0,K.jsx)(ee,{urls:b}),(0,K.jsx)(o,{label:f.cat.availableLabel,name:`available`,defaultChecked:g?.available??!0,hint:f.cat.availableHint})]})}function ee({urls:e}){let t=a().cat;return(0,K.jsxs)(`fieldset`,{className:G.photos,children:[(0,K.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,K.jsx)(p,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:h,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var te=u(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[E,q]),ne=u(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[q]);function re(){let{id:e}=k();return(0,K.jsx)(ie,{id:e},e)}function ie({id:e}){let t=a(),r=i(),o=M(),s=f(te,{id:e},`network-only`),[,c]=b(ne),u=U(),d=()=>r(`/cats/${e}`,{replace:!0});return(0,K.jsx)(F,{loaded:s,skeleton:(0,K.jsx)(l,{lines:8}),children:({catProfile:r})=>r?r.viewerCanEdit?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(S,{title:t.cat.edit(r.name),children:(0,K.jsx)(g,{text:t.cat.edit,name:r.name})}),(0,K.jsx)($,{data:r,draft:`cat-${e}`,submit:t.ui.save,onReload:s.reload,onCancel:()=>void d(),onSubmit:async i=>{let a=N(q,r),s=await u(C(i,`photoIds`),a.photos);if(s)return s;let{error:l}=await c({id:e,input:Q(i,a),seen:a.updatedAt});if(l)return n(l);o(t.ui.saved),await d()}})]}):(0,K.jsx)(P,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:s.reload}):(0,K.jsx)(j,{})})}var ae=u(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[q]);function oe(){let e=a(),t=i(),{key:r}=s(),o=M(),{data:c,failure:u,reload:d}=f(w,{}),p=U(),[,m]=b(ae);return u?(0,K.jsx)(P,{failure:u,onRetry:d}):c?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(S,{title:e.cats.add}),(0,K.jsx)($,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(r==="default"?`/cats`:-1),onSubmit:async r=>{let i=await p(C(r,`photoIds`));if(i)return i;let a=Z(r),{data:s,error:c}=await m({input:{...a,idempotencyKey:C(r,`idempotencyKey`)}});if(c)return n(c);o((0,K.jsx)(g,{text:e.cats.added,name:a.name})),await t(`/cats/${s.createCatProfile.id}`,{replace:!0})}})]}):(0,K.jsx)(l,{lines:8})}export{re as EditCatPage,oe as NewCatPage};