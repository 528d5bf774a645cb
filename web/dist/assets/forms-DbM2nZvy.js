import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,D as r,E as i,H as a,I as o,P as s,S as c,St as l,T as u,X as d,Y as f,a as p,an as m,c as h,cn as g,gt as _,i as v,j as y,k as b,lt as x,o as S,on as C,r as w,s as T,st as E,tt as D,un as O,wt as k,x as A,xt as j,y as M}from"./shared-SDdjf1-m.js";import{n as N,t as P}from"./PhotosField-DggB1wLn.js";import{$ as F,J as I,K as L,Y as R,nt as z,q as B,tt as V}from"./index-IYr1Q52z.js";var H=j(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function U(){let[,e]=n(H);return async(t,n=[])=>{for(let{id:r,alt:i}of N(t)){if(i.trim()===(n.find(e=>e.id===r)?.alt??``))continue;let{error:t}=await e({id:r,alt:i.trim()||null});if(t)return k(t)}}}var W=e(O(),1),G={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},K=x(),q=j(`
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
  `,[h]),J=[`DAY`,`MONTH`],Y=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...R];function X(e){let t=v(e,`birthDate`),n=J.find(t=>t===v(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(v(e,`age`)),birthDate:null}}function Z(e){let t=t=>({true:!0,false:!1})[v(e,t)]??null;return{name:v(e,`name`),...X(e),sex:I.find(t=>t===v(e,`sex`))??null,breed:v(e,`breed`),vaccinatedUntil:v(e,`vaccinatedUntil`)||null,...Object.fromEntries(R.map(e=>[e,t(e)])),description:v(e,`description`),specialCareInstructions:v(e,`specialCareInstructions`),photoIds:N(v(e,`photoIds`)).map(({id:e})=>e),placeId:v(e,`placeId`)||null,location:v(e,`location`),available:e.has(`available`)}}function Q(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=F(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=w({...Z(e),photosUrls:p(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...X(e)}:a}function $({data:e,draft:n,submit:o,onReload:s,onSubmit:c,onCancel:d}){let f=E(),p=D(),m=e&&l(q,e),g=m?F(m):[],_=m&&m.birthDatePrecision!==`YEAR`?m.birthDate??``:``,[v,x]=(0,W.useState)(_),[C]=(0,W.useState)(()=>{let e=a(n).map(([e])=>e),t={...m,birthDate:_||null,birthDatePrecision:null};return Y.some(n=>e.includes(n)||(t[n]??null)!==null)});return(0,K.jsxs)(r,{once:!m,draft:n,submit:o,onReload:s,onSubmit:c,onCancel:d,children:[(0,K.jsxs)(`div`,{className:G.row,children:[(0,K.jsx)(y,{label:f.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:m?.name,autoComplete:`off`}),(0,K.jsx)(y,{label:f.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!v,disabled:!!v,min:0,max:40,defaultValue:m?.age,hint:v&&f.cat.ageHint})]}),(0,K.jsx)(t,{label:f.cat.description,name:`description`,required:!0,minLength:3,maxLength:S,defaultValue:m?.description,hint:f.cat.descriptionHint}),(0,K.jsx)(t,{label:f.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:S,optional:!0,defaultValue:m?.specialCareInstructions??void 0,hint:f.cat.careHint}),(0,K.jsx)(B,{label:f.place.label,name:`placeId`,optional:!0,place:m?.place?l(h,m.place):void 0,offersOwn:!0,hint:f.place.hint}),(0,K.jsx)(y,{label:f.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:m?.location??void 0,hint:f.cat.locationHint}),(0,K.jsx)(i,{summary:f.facts.title,open:C,names:Y,children:(0,K.jsxs)(`div`,{className:G.facts,children:[(0,K.jsx)(y,{label:f.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:p,value:v,"data-default":_,onChange:e=>x(e.target.value)}),(0,K.jsx)(b,{label:f.facts.precision,name:`birthDatePrecision`,defaultValue:m?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:J.map(e=>(0,K.jsx)(`option`,{value:e,children:f.facts.precisions[e]},e))}),(0,K.jsxs)(b,{label:f.facts.sexLabel,name:`sex`,defaultValue:m?.sex??``,children:[(0,K.jsx)(`option`,{value:``,children:f.facts.unknown}),I.map(e=>(0,K.jsx)(`option`,{value:e,children:f.facts.sex[e]},e))]}),(0,K.jsx)(L,{defaultValue:m?.breed??void 0,optional:!0}),(0,K.jsx)(y,{label:f.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:m?.vaccinatedUntil??void 0}),R.map(e=>(0,K.jsxs)(b,{label:f.facts[e].label,name:e,defaultValue:String(m?.[e]??``),children:[(0,K.jsx)(`option`,{value:``,children:f.facts.unknown}),(0,K.jsx)(`option`,{value:`true`,children:f.facts.yes}),(0,K.jsx)(`option`,{value:`false`,children:f.facts.no})]},e))]})}),(0,K.jsx)(P,{label:f.cat.photos,name:`photoIds`,hint:f.photo.hint(10),max:10-g.length,photos:m?.photos??[]}),g.length>0&&(0,K.jsx)(ee,{urls:g}),(0,K.jsx)(u,{label:f.cat.availableLabel,name:`available`,defaultChecked:m?.available??!0,hint:f.cat.availableHint})]})}function ee({urls:e}){let t=E().cat;return(0,K.jsxs)(`fieldset`,{className:G.photos,children:[(0,K.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,K.jsx)(y,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:T,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var te=j(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[f,q]),ne=j(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[q]);function re(){let{id:e}=g();return(0,K.jsx)(ie,{id:e},e)}function ie({id:e}){let t=E(),r=C(),i=A(),a=_(te,{id:e},`network-only`),[,u]=n(ne),d=U(),f=()=>r(`/cats/${e}`,{replace:!0});return(0,K.jsx)(V,{loaded:a,skeleton:(0,K.jsx)(M,{lines:8}),children:({catProfile:n})=>n?n.viewerCanEdit?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(o,{title:t.cat.edit(n.name),children:(0,K.jsx)(c,{text:t.cat.edit,name:n.name})}),(0,K.jsx)($,{data:n,draft:`cat-${e}`,submit:t.ui.save,onReload:a.reload,onCancel:()=>void f(),onSubmit:async r=>{let a=l(q,n),o=await d(v(r,`photoIds`),a.photos);if(o)return o;let{error:s}=await u({id:e,input:Q(r,a),seen:a.updatedAt});if(s)return k(s);i(t.ui.saved),await f()}})]}):(0,K.jsx)(s,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:a.reload}):(0,K.jsx)(z,{})})}var ae=j(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[q]);function oe(){let e=E(),t=C(),{key:r}=m(),i=A(),{data:a,failure:l,reload:u}=_(d,{}),f=U(),[,p]=n(ae);return l?(0,K.jsx)(s,{failure:l,onRetry:u}):a?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(o,{title:e.cats.add}),(0,K.jsx)($,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(r==="default"?`/cats`:-1),onSubmit:async n=>{let r=await f(v(n,`photoIds`));if(r)return r;let a=Z(n),{data:o,error:s}=await p({input:{...a,idempotencyKey:v(n,`idempotencyKey`)}});if(s)return k(s);i((0,K.jsx)(c,{text:e.cats.added,name:a.name})),await t(`/cats/${o.createCatProfile.id}`,{replace:!0})}})]}):(0,K.jsx)(M,{lines:8})}export{re as EditCatPage,oe as NewCatPage};