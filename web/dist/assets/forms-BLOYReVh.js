import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{An as t,B as n,C as r,D as i,Dn as a,Et as o,F as s,Gt as c,It as l,Kt as u,Mn as d,N as f,O as p,On as m,Ot as h,P as g,T as _,U as v,V as y,Xt as b,bt as x,d as S,et as C,f as w,ht as T,i as E,k as D,m as O,mt as k,nt as A,p as j,q as M,t as N,w as P,y as F,zt as I}from"./shared-D3IEIQEw.js";import{n as L,t as R}from"./PhotosField-OBa9V0HF.js";import{$ as z,et as B,it as V}from"./index-DpbU5mep.js";var H=c(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function U(){let[,e]=b(H);return async(t,n=[])=>{for(let{id:r,alt:i}of L(t)){if(i.trim()===(n.find(e=>e.id===r)?.alt??``))continue;let{error:t}=await e({id:r,alt:i.trim()||null});if(t)return I(t)}}}var W=e(d(),1),G={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},K=h(),q=c(`
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
  `,[M]),J=[`DAY`,`MONTH`],Y=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...y];function X(e){let t=j(e,`birthDate`),n=J.find(t=>t===j(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(j(e,`age`)),birthDate:null}}function Z(e){let t=t=>({true:!0,false:!1})[j(e,t)]??null;return{name:j(e,`name`),...X(e),sex:n.find(t=>t===j(e,`sex`))??null,breed:j(e,`breed`),vaccinatedUntil:j(e,`vaccinatedUntil`)||null,...Object.fromEntries(y.map(e=>[e,t(e)])),description:j(e,`description`),specialCareInstructions:j(e,`specialCareInstructions`),photoIds:L(j(e,`photoIds`)).map(({id:e})=>e),placeId:j(e,`placeId`)||null,location:j(e,`location`),available:e.has(`available`)}}function Q(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=V(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=w({...Z(e),photosUrls:O(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...X(e)}:a}function $({data:e,draft:t,submit:a,onReload:s,onSubmit:c,onCancel:l}){let d=o(),m=x(),h=e&&u(q,e),v=h?V(h):[],b=h&&h.birthDatePrecision!==`YEAR`?h.birthDate??``:``,[S,C]=(0,W.useState)(b),[w]=(0,W.useState)(()=>{let e=f(t).map(([e])=>e),n={...h,birthDate:b||null,birthDatePrecision:null};return Y.some(t=>e.includes(t)||(n[t]??null)!==null)});return(0,K.jsxs)(_,{once:!h,draft:t,submit:a,onReload:s,onSubmit:c,onCancel:l,children:[(0,K.jsxs)(`div`,{className:G.row,children:[(0,K.jsx)(D,{label:d.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:h?.name,autoComplete:`off`}),(0,K.jsx)(D,{label:d.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!S,disabled:!!S,min:0,max:40,defaultValue:h?.age,hint:S&&d.cat.ageHint})]}),(0,K.jsx)(p,{label:d.cat.description,name:`description`,required:!0,minLength:3,maxLength:g,defaultValue:h?.description,hint:d.cat.descriptionHint}),(0,K.jsx)(p,{label:d.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:g,optional:!0,defaultValue:h?.specialCareInstructions??void 0,hint:d.cat.careHint}),(0,K.jsx)(B,{label:d.place.label,name:`placeId`,optional:!0,place:h?.place?u(M,h.place):void 0,offersOwn:!0,hint:d.place.hint}),(0,K.jsx)(D,{label:d.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:h?.location??void 0,hint:d.cat.locationHint}),(0,K.jsx)(P,{summary:d.facts.title,open:w,names:Y,children:(0,K.jsxs)(`div`,{className:G.facts,children:[(0,K.jsx)(D,{label:d.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:m,value:S,"data-default":b,onChange:e=>C(e.target.value)}),(0,K.jsx)(i,{label:d.facts.precision,name:`birthDatePrecision`,defaultValue:h?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:J.map(e=>(0,K.jsx)(`option`,{value:e,children:d.facts.precisions[e]},e))}),(0,K.jsxs)(i,{label:d.facts.sexLabel,name:`sex`,defaultValue:h?.sex??``,children:[(0,K.jsx)(`option`,{value:``,children:d.facts.unknown}),n.map(e=>(0,K.jsx)(`option`,{value:e,children:d.facts.sex[e]},e))]}),(0,K.jsx)(z,{defaultValue:h?.breed??void 0,optional:!0}),(0,K.jsx)(D,{label:d.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:h?.vaccinatedUntil??void 0}),y.map(e=>(0,K.jsxs)(i,{label:d.facts[e].label,name:e,defaultValue:String(h?.[e]??``),children:[(0,K.jsx)(`option`,{value:``,children:d.facts.unknown}),(0,K.jsx)(`option`,{value:`true`,children:d.facts.yes}),(0,K.jsx)(`option`,{value:`false`,children:d.facts.no})]},e))]})}),(0,K.jsx)(R,{label:d.cat.photos,name:`photoIds`,hint:d.photo.hint(10),max:10-v.length,photos:h?.photos??[]}),v.length>0&&(0,K.jsx)(ee,{urls:v}),(0,K.jsx)(r,{label:d.cat.availableLabel,name:`available`,defaultChecked:h?.available??!0,hint:d.cat.availableHint})]})}function ee({urls:e}){let t=o().cat;return(0,K.jsxs)(`fieldset`,{className:G.photos,children:[(0,K.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,K.jsx)(D,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:s,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var te=c(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[k,q]),ne=c(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[q]);function re(){let{id:e}=t();return(0,K.jsx)(ie,{id:e},e)}function ie({id:e}){let t=o(),n=m(),r=S(),i=l(te,{id:e},`network-only`),[,a]=b(ne),s=U(),c=()=>n(`/cats/${e}`,{replace:!0});return(0,K.jsx)(N,{loaded:i,skeleton:(0,K.jsx)(v,{lines:8}),children:({catProfile:n})=>n?n.viewerCanEdit?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(A,{title:t.cat.edit(n.name),children:(0,K.jsx)(F,{text:t.cat.edit,name:n.name})}),(0,K.jsx)($,{data:n,draft:`cat-${e}`,submit:t.ui.save,onReload:i.reload,onCancel:()=>void c(),onSubmit:async i=>{let o=u(q,n),l=await s(j(i,`photoIds`),o.photos);if(l)return l;let{error:d}=await a({id:e,input:Q(i,o),seen:o.updatedAt});if(d)return I(d);r(t.ui.saved),await c()}})]}):(0,K.jsx)(C,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:i.reload}):(0,K.jsx)(E,{})})}var ae=c(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[q]);function oe(){let e=o(),t=m(),{key:n}=a(),r=S(),{data:i,failure:s,reload:c}=l(T,{}),u=U(),[,d]=b(ae);return s?(0,K.jsx)(C,{failure:s,onRetry:c}):i?(0,K.jsxs)(`div`,{className:G.page,children:[(0,K.jsx)(A,{title:e.cats.add}),(0,K.jsx)($,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(n==="default"?`/cats`:-1),onSubmit:async n=>{let i=await u(j(n,`photoIds`));if(i)return i;let a=Z(n),{data:o,error:s}=await d({input:{...a,idempotencyKey:j(n,`idempotencyKey`)}});if(s)return I(s);r((0,K.jsx)(F,{text:e.cats.added,name:a.name})),await t(`/cats/${o.createCatProfile.id}`,{replace:!0})}})]}):(0,K.jsx)(v,{lines:8})}export{re as EditCatPage,oe as NewCatPage};