import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{B as t,C as n,D as r,Dn as i,En as a,Et as o,F as s,Gt as c,It as l,Kt as u,N as d,O as f,Ot as p,P as m,T as h,U as g,V as _,Xt as v,bt as y,d as b,et as x,f as S,ht as C,i as w,jn as T,k as E,kn as ee,m as D,mt as O,nt as k,p as A,q as j,t as M,w as N,y as P,zt as F}from"./shared-qVqdcmQF.js";import{n as I,t as L}from"./PhotosField-DzjGUn0p.js";import{$ as R,et as z,it as B}from"./index-DgYNLn-4.js";var V=c(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function H(){let[,e]=v(V);return async(t,n=[])=>{for(let{id:r,alt:i}of I(t)){if(i.trim()===(n.find(e=>e.id===r)?.alt??``))continue;let{error:t}=await e({id:r,alt:i.trim()||null});if(t)return F(t)}}}var U=e(T(),1),W={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},G=p(),K=c(`
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
  `,[j]),q=[`DAY`,`MONTH`],J=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,..._];function Y(e){let t=A(e,`birthDate`),n=q.find(t=>t===A(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(A(e,`age`)),birthDate:null}}function X(e){let n=t=>({true:!0,false:!1})[A(e,t)]??null;return{name:A(e,`name`),...Y(e),sex:t.find(t=>t===A(e,`sex`))??null,breed:A(e,`breed`),vaccinatedUntil:A(e,`vaccinatedUntil`)||null,...Object.fromEntries(_.map(e=>[e,n(e)])),description:A(e,`description`),specialCareInstructions:A(e,`specialCareInstructions`),photoIds:I(A(e,`photoIds`)).map(({id:e})=>e),placeId:A(e,`placeId`)||null,location:A(e,`location`),available:e.has(`available`)}}function Z(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=B(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=S({...X(e),photosUrls:D(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...Y(e)}:a}function Q({data:e,draft:i,submit:a,onReload:s,onSubmit:c,onCancel:l}){let p=o(),g=y(),v=e&&u(K,e),b=v?B(v):[],x=v&&v.birthDatePrecision!==`YEAR`?v.birthDate??``:``,[S,C]=(0,U.useState)(x),[w]=(0,U.useState)(()=>{let e=d(i).map(([e])=>e),t={...v,birthDate:x||null,birthDatePrecision:null};return J.some(n=>e.includes(n)||(t[n]??null)!==null)});return(0,G.jsxs)(h,{once:!v,draft:i,submit:a,onReload:s,onSubmit:c,onCancel:l,children:[(0,G.jsxs)(`div`,{className:W.row,children:[(0,G.jsx)(E,{label:p.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:v?.name,autoComplete:`off`}),(0,G.jsx)(E,{label:p.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!S,disabled:!!S,min:0,max:40,defaultValue:v?.age,hint:S&&p.cat.ageHint})]}),(0,G.jsx)(f,{label:p.cat.description,name:`description`,required:!0,minLength:3,maxLength:m,defaultValue:v?.description,hint:p.cat.descriptionHint}),(0,G.jsx)(f,{label:p.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:m,optional:!0,defaultValue:v?.specialCareInstructions??void 0,hint:p.cat.careHint}),(0,G.jsx)(z,{label:p.place.label,name:`placeId`,optional:!0,place:v?.place?u(j,v.place):void 0,offersOwn:!0,hint:p.place.hint}),(0,G.jsx)(E,{label:p.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:v?.location??void 0,hint:p.cat.locationHint}),(0,G.jsx)(N,{summary:p.facts.title,open:w,names:J,children:(0,G.jsxs)(`div`,{className:W.facts,children:[(0,G.jsx)(E,{label:p.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:g,value:S,"data-default":x,onChange:e=>C(e.target.value)}),(0,G.jsx)(r,{label:p.facts.precision,name:`birthDatePrecision`,defaultValue:v?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:q.map(e=>(0,G.jsx)(`option`,{value:e,children:p.facts.precisions[e]},e))}),(0,G.jsxs)(r,{label:p.facts.sexLabel,name:`sex`,defaultValue:v?.sex??``,children:[(0,G.jsx)(`option`,{value:``,children:p.facts.unknown}),t.map(e=>(0,G.jsx)(`option`,{value:e,children:p.facts.sex[e]},e))]}),(0,G.jsx)(R,{defaultValue:v?.breed??void 0,optional:!0}),(0,G.jsx)(E,{label:p.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:v?.vaccinatedUntil??void 0}),_.map(e=>(0,G.jsxs)(r,{label:p.facts[e].label,name:e,defaultValue:String(v?.[e]??``),children:[(0,G.jsx)(`option`,{value:``,children:p.facts.unknown}),(0,G.jsx)(`option`,{value:`true`,children:p.facts.yes}),(0,G.jsx)(`option`,{value:`false`,children:p.facts.no})]},e))]})}),(0,G.jsx)(L,{label:p.cat.photos,name:`photoIds`,hint:p.photo.hint(10),max:10-b.length,photos:v?.photos??[]}),b.length>0&&(0,G.jsx)(te,{urls:b}),(0,G.jsx)(n,{label:p.cat.availableLabel,name:`available`,defaultChecked:v?.available??!0,hint:p.cat.availableHint})]})}function te({urls:e}){let t=o().cat;return(0,G.jsxs)(`fieldset`,{className:W.photos,children:[(0,G.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,G.jsx)(E,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:s,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var $=c(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[O,K]),ne=c(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[K]);function re(){let{id:e}=ee();return(0,G.jsx)(ie,{id:e},e)}function ie({id:e}){let t=o(),n=i(),r=b(),a=l($,{id:e},`network-only`),[,s]=v(ne),c=H(),d=()=>n(`/cats/${e}`,{replace:!0});return(0,G.jsx)(M,{loaded:a,skeleton:(0,G.jsx)(g,{lines:8}),children:({catProfile:n})=>n?n.viewerCanEdit?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(k,{title:t.cat.edit(n.name),children:(0,G.jsx)(P,{text:t.cat.edit,name:n.name})}),(0,G.jsx)(Q,{data:n,draft:`cat-${e}`,submit:t.ui.save,onReload:a.reload,onCancel:()=>void d(),onSubmit:async i=>{let a=u(K,n),o=await c(A(i,`photoIds`),a.photos);if(o)return o;let{error:l}=await s({id:e,input:Z(i,a),seen:a.updatedAt});if(l)return F(l);r(t.ui.saved),await d()}})]}):(0,G.jsx)(x,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:a.reload}):(0,G.jsx)(w,{})})}var ae=c(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[K]);function oe(){let e=o(),t=i(),{key:n}=a(),r=b(),{data:s,failure:c,reload:u}=l(C,{}),d=H(),[,f]=v(ae);return c?(0,G.jsx)(x,{failure:c,onRetry:u}):s?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(k,{title:e.cats.add}),(0,G.jsx)(Q,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(n==="default"?`/cats`:-1),onSubmit:async n=>{let i=await d(A(n,`photoIds`));if(i)return i;let a=X(n),{data:o,error:s}=await f({input:{...a,idempotencyKey:A(n,`idempotencyKey`)}});if(s)return F(s);r((0,G.jsx)(P,{text:e.cats.added,name:a.name})),await t(`/cats/${o.createCatProfile.id}`,{replace:!0})}})]}):(0,G.jsx)(g,{lines:8})}export{re as EditCatPage,oe as NewCatPage};