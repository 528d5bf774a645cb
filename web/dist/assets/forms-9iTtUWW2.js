import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{B as t,Bt as n,C as r,D as i,Dt as a,F as o,Kt as s,Lt as c,N as l,Nn as u,O as d,On as f,P as p,T as m,U as h,V as g,Zt as _,d as v,et as y,f as b,gt as x,ht as S,i as C,jn as w,k as T,kn as E,kt as D,m as O,p as k,q as A,qt as j,rt as M,t as N,w as P,xt as F,y as I}from"./shared-DafN4PSE.js";import{n as L,t as R}from"./PhotosField-WQBC-tPD.js";import{$ as z,et as B,it as V}from"./index-BP7IJ8nZ.js";var ee=s(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function H(){let[,e]=_(ee);return async(t,r=[])=>{for(let{id:i,alt:a}of L(t)){if(a.trim()===(r.find(e=>e.id===i)?.alt??``))continue;let{error:t}=await e({id:i,alt:a.trim()||null});if(t)return n(t)}}}var U=e(u(),1),W={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},G=D(),K=s(`
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
  `,[A]),q=[`DAY`,`MONTH`],J=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...g];function Y(e){let t=k(e,`birthDate`),n=q.find(t=>t===k(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(k(e,`age`)),birthDate:null}}function X(e){let n=t=>({true:!0,false:!1})[k(e,t)]??null;return{name:k(e,`name`),...Y(e),sex:t.find(t=>t===k(e,`sex`))??null,breed:k(e,`breed`),vaccinatedUntil:k(e,`vaccinatedUntil`)||null,...Object.fromEntries(g.map(e=>[e,n(e)])),description:k(e,`description`),specialCareInstructions:k(e,`specialCareInstructions`),photoIds:L(k(e,`photoIds`)).map(({id:e})=>e),placeId:k(e,`placeId`)||null,location:k(e,`location`),available:e.has(`available`)}}function Z(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=V(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=b({...X(e),photosUrls:O(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...Y(e)}:a}function Q({data:e,draft:n,submit:o,onReload:s,onSubmit:c,onCancel:u}){let f=a(),h=F(),_=e&&j(K,e),v=_?V(_):[],y=_&&_.birthDatePrecision!==`YEAR`?_.birthDate??``:``,[b,x]=(0,U.useState)(y),[S]=(0,U.useState)(()=>{let e=l(n).map(([e])=>e),t={..._,birthDate:y||null,birthDatePrecision:null};return J.some(n=>e.includes(n)||(t[n]??null)!==null)});return(0,G.jsxs)(m,{once:!_,draft:n,submit:o,onReload:s,onSubmit:c,onCancel:u,children:[(0,G.jsxs)(`div`,{className:W.row,children:[(0,G.jsx)(T,{label:f.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:_?.name,autoComplete:`off`}),(0,G.jsx)(T,{label:f.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!b,disabled:!!b,min:0,max:40,defaultValue:_?.age,hint:b&&f.cat.ageHint})]}),(0,G.jsx)(d,{label:f.cat.description,name:`description`,required:!0,minLength:3,maxLength:p,defaultValue:_?.description,hint:f.cat.descriptionHint}),(0,G.jsx)(d,{label:f.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:p,optional:!0,defaultValue:_?.specialCareInstructions??void 0,hint:f.cat.careHint}),(0,G.jsx)(B,{label:f.place.label,name:`placeId`,optional:!0,place:_?.place?j(A,_.place):void 0,offersOwn:!0,hint:f.place.hint}),(0,G.jsx)(T,{label:f.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:_?.location??void 0,hint:f.cat.locationHint}),(0,G.jsx)(P,{summary:f.facts.title,open:S,names:J,children:(0,G.jsxs)(`div`,{className:W.facts,children:[(0,G.jsx)(T,{label:f.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:h,value:b,"data-default":y,onChange:e=>x(e.target.value)}),(0,G.jsx)(i,{label:f.facts.precision,name:`birthDatePrecision`,defaultValue:_?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:q.map(e=>(0,G.jsx)(`option`,{value:e,children:f.facts.precisions[e]},e))}),(0,G.jsxs)(i,{label:f.facts.sexLabel,name:`sex`,defaultValue:_?.sex??``,children:[(0,G.jsx)(`option`,{value:``,children:f.facts.unknown}),t.map(e=>(0,G.jsx)(`option`,{value:e,children:f.facts.sex[e]},e))]}),(0,G.jsx)(z,{defaultValue:_?.breed??void 0,optional:!0}),(0,G.jsx)(T,{label:f.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:_?.vaccinatedUntil??void 0}),g.map(e=>(0,G.jsxs)(i,{label:f.facts[e].label,name:e,defaultValue:String(_?.[e]??``),children:[(0,G.jsx)(`option`,{value:``,children:f.facts.unknown}),(0,G.jsx)(`option`,{value:`true`,children:f.facts.yes}),(0,G.jsx)(`option`,{value:`false`,children:f.facts.no})]},e))]})}),(0,G.jsx)(R,{label:f.cat.photos,name:`photoIds`,hint:f.photo.hint(10),max:10-v.length,photos:_?.photos??[]}),v.length>0&&(0,G.jsx)($,{urls:v}),(0,G.jsx)(r,{label:f.cat.availableLabel,name:`available`,defaultChecked:_?.available??!0,hint:f.cat.availableHint})]})}function $({urls:e}){let t=a().cat;return(0,G.jsxs)(`fieldset`,{className:W.photos,children:[(0,G.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,G.jsx)(T,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:o,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var te=s(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[S,K]),ne=s(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[K]);function re(){let{id:e}=w();return(0,G.jsx)(ie,{id:e},e)}function ie({id:e}){let t=a(),r=E(),i=v(),o=c(te,{id:e},`network-only`),[,s]=_(ne),l=H(),u=()=>r(`/cats/${e}`,{replace:!0});return(0,G.jsx)(N,{loaded:o,skeleton:(0,G.jsx)(h,{lines:8}),children:({catProfile:r})=>r?r.viewerCanEdit?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(M,{title:t.cat.edit(r.name),children:(0,G.jsx)(I,{text:t.cat.edit,name:r.name})}),(0,G.jsx)(Q,{data:r,draft:`cat-${e}`,submit:t.ui.save,onReload:o.reload,onCancel:()=>void u(),onSubmit:async a=>{let o=j(K,r),c=await l(k(a,`photoIds`),o.photos);if(c)return c;let{error:d}=await s({id:e,input:Z(a,o),seen:o.updatedAt});if(d)return n(d);i(t.ui.saved),await u()}})]}):(0,G.jsx)(y,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:o.reload}):(0,G.jsx)(C,{})})}var ae=s(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[K]);function oe(){let e=a(),t=E(),{key:r}=f(),i=v(),{data:o,failure:s,reload:l}=c(x,{}),u=H(),[,d]=_(ae);return s?(0,G.jsx)(y,{failure:s,onRetry:l}):o?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(M,{title:e.cats.add}),(0,G.jsx)(Q,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(r==="default"?`/cats`:-1),onSubmit:async r=>{let a=await u(k(r,`photoIds`));if(a)return a;let o=X(r),{data:s,error:c}=await d({input:{...o,idempotencyKey:k(r,`idempotencyKey`)}});if(c)return n(c);i((0,G.jsx)(I,{text:e.cats.added,name:o.name})),await t(`/cats/${s.createCatProfile.id}`,{replace:!0})}})]}):(0,G.jsx)(h,{lines:8})}export{re as EditCatPage,oe as NewCatPage};