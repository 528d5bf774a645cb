import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{C as t,Ct as n,D as r,G as i,L as a,Lt as o,M as s,N as c,O as l,Ot as u,U as d,_n as f,d as p,f as m,fn as h,h as g,hn as _,ht as v,j as y,jt as b,k as x,kt as S,m as C,nt as w,p as T,pn as E,pt as D,q as O,st as k,tt as A,u as j,w as M}from"./shared-MDYQo7Gp.js";import{n as N,t as P}from"./PhotosField-BlyrdRpd.js";import{X as F,Z as I,at as L,dt as R,et as z,tt as B,ut as ee}from"./index-c4_QKH4G.js";var V=u(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function H(){let[,e]=o(V);return async(t,n=[])=>{for(let{id:r,alt:i}of N(t)){if(i.trim()===(n.find(e=>e.id===r)?.alt??``))continue;let{error:t}=await e({id:r,alt:i.trim()||null});if(t)return b(t)}}}var U=e(f(),1),W={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},G=v(),K=u(`
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
  `,[g]),q=[`DAY`,`MONTH`],J=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...B];function Y(e){let t=p(e,`birthDate`),n=q.find(t=>t===p(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(p(e,`age`)),birthDate:null}}function X(e){let t=t=>({true:!0,false:!1})[p(e,t)]??null;return{name:p(e,`name`),...Y(e),sex:z.find(t=>t===p(e,`sex`))??null,breed:p(e,`breed`),vaccinatedUntil:p(e,`vaccinatedUntil`)||null,...Object.fromEntries(B.map(e=>[e,t(e)])),description:p(e,`description`),specialCareInstructions:p(e,`specialCareInstructions`),photoIds:N(p(e,`photoIds`)).map(({id:e})=>e),placeId:p(e,`placeId`)||null,location:p(e,`location`),available:e.has(`available`)}}function Z(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=L(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=j({...X(e),photosUrls:m(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...Y(e)}:a}function Q({data:e,draft:t,submit:n,onReload:i,onSubmit:o,onCancel:u}){let d=D(),f=k(),p=e&&S(K,e),m=p?L(p):[],h=p&&p.birthDatePrecision!==`YEAR`?p.birthDate??``:``,[_,v]=(0,U.useState)(h),[b]=(0,U.useState)(()=>{let e=a(t).map(([e])=>e),n={...p,birthDate:h||null,birthDatePrecision:null};return J.some(t=>e.includes(t)||(n[t]??null)!==null)});return(0,G.jsxs)(x,{once:!p,draft:t,submit:n,onReload:i,onSubmit:o,onCancel:u,children:[(0,G.jsxs)(`div`,{className:W.row,children:[(0,G.jsx)(c,{label:d.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:p?.name,autoComplete:`off`}),(0,G.jsx)(c,{label:d.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!_,disabled:!!_,min:0,max:40,defaultValue:p?.age,hint:_&&d.cat.ageHint})]}),(0,G.jsx)(s,{label:d.cat.description,name:`description`,required:!0,minLength:3,maxLength:T,defaultValue:p?.description,hint:d.cat.descriptionHint}),(0,G.jsx)(s,{label:d.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:T,optional:!0,defaultValue:p?.specialCareInstructions??void 0,hint:d.cat.careHint}),(0,G.jsx)(I,{label:d.place.label,name:`placeId`,optional:!0,place:p?.place?S(g,p.place):void 0,offersOwn:!0,hint:d.place.hint}),(0,G.jsx)(c,{label:d.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:p?.location??void 0,hint:d.cat.locationHint}),(0,G.jsx)(l,{summary:d.facts.title,open:b,names:J,children:(0,G.jsxs)(`div`,{className:W.facts,children:[(0,G.jsx)(c,{label:d.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:f,value:_,"data-default":h,onChange:e=>v(e.target.value)}),(0,G.jsx)(y,{label:d.facts.precision,name:`birthDatePrecision`,defaultValue:p?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:q.map(e=>(0,G.jsx)(`option`,{value:e,children:d.facts.precisions[e]},e))}),(0,G.jsxs)(y,{label:d.facts.sexLabel,name:`sex`,defaultValue:p?.sex??``,children:[(0,G.jsx)(`option`,{value:``,children:d.facts.unknown}),z.map(e=>(0,G.jsx)(`option`,{value:e,children:d.facts.sex[e]},e))]}),(0,G.jsx)(F,{defaultValue:p?.breed??void 0,optional:!0}),(0,G.jsx)(c,{label:d.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:p?.vaccinatedUntil??void 0}),B.map(e=>(0,G.jsxs)(y,{label:d.facts[e].label,name:e,defaultValue:String(p?.[e]??``),children:[(0,G.jsx)(`option`,{value:``,children:d.facts.unknown}),(0,G.jsx)(`option`,{value:`true`,children:d.facts.yes}),(0,G.jsx)(`option`,{value:`false`,children:d.facts.no})]},e))]})}),(0,G.jsx)(P,{label:d.cat.photos,name:`photoIds`,hint:d.photo.hint(10),max:10-m.length,photos:p?.photos??[]}),m.length>0&&(0,G.jsx)($,{urls:m}),(0,G.jsx)(r,{label:d.cat.availableLabel,name:`available`,defaultChecked:p?.available??!0,hint:d.cat.availableHint})]})}function $({urls:e}){let t=D().cat;return(0,G.jsxs)(`fieldset`,{className:W.photos,children:[(0,G.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,G.jsx)(c,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:C,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var te=u(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[A,K]),ne=u(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[K]);function re(){let{id:e}=_();return(0,G.jsx)(ie,{id:e},e)}function ie({id:e}){let r=D(),a=E(),s=t(),c=n(te,{id:e},`network-only`),[,l]=o(ne),u=H(),f=()=>a(`/cats/${e}`,{replace:!0});return(0,G.jsx)(ee,{loaded:c,skeleton:(0,G.jsx)(d,{lines:8}),children:({catProfile:t})=>t?t.viewerCanEdit?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(O,{title:r.cat.edit(t.name),children:(0,G.jsx)(M,{text:r.cat.edit,name:t.name})}),(0,G.jsx)(Q,{data:t,draft:`cat-${e}`,submit:r.ui.save,onReload:c.reload,onCancel:()=>void f(),onSubmit:async n=>{let i=S(K,t),a=await u(p(n,`photoIds`),i.photos);if(a)return a;let{error:o}=await l({id:e,input:Z(n,i),seen:i.updatedAt});if(o)return b(o);s(r.ui.saved),await f()}})]}):(0,G.jsx)(i,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:r.cat.notYours,onRetry:c.reload}):(0,G.jsx)(R,{})})}var ae=u(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[K]);function oe(){let e=D(),r=E(),{key:a}=h(),s=t(),{data:c,failure:l,reload:u}=n(w,{}),f=H(),[,m]=o(ae);return l?(0,G.jsx)(i,{failure:l,onRetry:u}):c?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(O,{title:e.cats.add}),(0,G.jsx)(Q,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void r(a==="default"?`/cats`:-1),onSubmit:async t=>{let n=await f(p(t,`photoIds`));if(n)return n;let i=X(t),{data:a,error:o}=await m({input:{...i,idempotencyKey:p(t,`idempotencyKey`)}});if(o)return b(o);s((0,G.jsx)(M,{text:e.cats.added,name:i.name})),await r(`/cats/${a.createCatProfile.id}`,{replace:!0})}})]}):(0,G.jsx)(d,{lines:8})}export{re as EditCatPage,oe as NewCatPage};