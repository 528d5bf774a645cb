import{r as e}from"./rolldown-runtime-pP25SEvz.js";import{A as t,At as n,J as r,K as i,M as a,Mt as o,N as s,O as c,P as l,R as u,Rt as d,T as f,W as p,ct as m,d as h,f as g,g as _,gn as v,gt as y,h as b,k as x,kt as S,m as C,mn as w,mt as T,nt as E,p as ee,pn as D,rt as O,vn as k,w as A,wt as j}from"./shared-CwO356SJ.js";import{n as M,t as N}from"./PhotosField-Bf8-xSrL.js";import{X as P,Z as F,at as I,dt as L,et as R,tt as z,ut as B}from"./index-DsqDHsEj.js";var V=S(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`);function H(){let[,e]=d(V);return async(t,n=[])=>{for(let{id:r,alt:i}of M(t)){if(i.trim()===(n.find(e=>e.id===r)?.alt??``))continue;let{error:t}=await e({id:r,alt:i.trim()||null});if(t)return o(t)}}}var U=e(k(),1),W={page:`_page_1bake_2`,row:`_row_1bake_9`,facts:`_facts_1bake_15`,photos:`_photos_1bake_22`},G=y(),K=S(`
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
  `,[_]),q=[`DAY`,`MONTH`],J=[`birthDate`,`birthDatePrecision`,`sex`,`breed`,`vaccinatedUntil`,...z];function Y(e){let t=g(e,`birthDate`),n=q.find(t=>t===g(e,`birthDatePrecision`));return t?{birthDate:t,birthDatePrecision:n}:{age:Number(g(e,`age`)),birthDate:null}}function X(e){let t=t=>({true:!0,false:!1})[g(e,t)]??null;return{name:g(e,`name`),...Y(e),sex:R.find(t=>t===g(e,`sex`))??null,breed:g(e,`breed`),vaccinatedUntil:g(e,`vaccinatedUntil`)||null,...Object.fromEntries(z.map(e=>[e,t(e)])),description:g(e,`description`),specialCareInstructions:g(e,`specialCareInstructions`),photoIds:M(g(e,`photoIds`)).map(({id:e})=>e),placeId:g(e,`placeId`)||null,location:g(e,`location`),available:e.has(`available`)}}function Z(e,t){let n=t.birthDatePrecision===`YEAR`?{birthDate:null,birthDatePrecision:void 0}:{},r=I(t),i={...t,...n,placeId:t.place?.id,photoIds:t.photos.map(({id:e})=>e),photosUrls:r},a=h({...X(e),photosUrls:ee(e,`photosUrls`)},i);return`birthDate`in a||`birthDatePrecision`in a?{...a,...Y(e)}:a}function Q({data:e,draft:r,submit:i,onReload:o,onSubmit:d,onCancel:f}){let p=T(),h=m(),g=e&&n(K,e),v=g?I(g):[],y=g&&g.birthDatePrecision!==`YEAR`?g.birthDate??``:``,[b,S]=(0,U.useState)(y),[w]=(0,U.useState)(()=>{let e=u(r).map(([e])=>e),t={...g,birthDate:y||null,birthDatePrecision:null};return J.some(n=>e.includes(n)||(t[n]??null)!==null)});return(0,G.jsxs)(t,{once:!g,draft:r,submit:i,onReload:o,onSubmit:d,onCancel:f,children:[(0,G.jsxs)(`div`,{className:W.row,children:[(0,G.jsx)(l,{label:p.cat.name,name:`name`,required:!0,maxLength:64,defaultValue:g?.name,autoComplete:`off`}),(0,G.jsx)(l,{label:p.cat.years,name:`age`,type:`number`,inputMode:`numeric`,required:!b,disabled:!!b,min:0,max:40,defaultValue:g?.age,hint:b&&p.cat.ageHint})]}),(0,G.jsx)(s,{label:p.cat.description,name:`description`,required:!0,minLength:3,maxLength:C,defaultValue:g?.description,hint:p.cat.descriptionHint}),(0,G.jsx)(s,{label:p.cat.specialCareInstructions,name:`specialCareInstructions`,maxLength:C,optional:!0,defaultValue:g?.specialCareInstructions??void 0,hint:p.cat.careHint}),(0,G.jsx)(F,{label:p.place.label,name:`placeId`,optional:!0,place:g?.place?n(_,g.place):void 0,offersOwn:!0,hint:p.place.hint}),(0,G.jsx)(l,{label:p.cat.location,name:`location`,maxLength:100,optional:!0,defaultValue:g?.location??void 0,hint:p.cat.locationHint}),(0,G.jsx)(x,{summary:p.facts.title,open:w,names:J,children:(0,G.jsxs)(`div`,{className:W.facts,children:[(0,G.jsx)(l,{label:p.facts.birthDate,name:`birthDate`,type:`date`,optional:!0,max:h,value:b,"data-default":y,onChange:e=>S(e.target.value)}),(0,G.jsx)(a,{label:p.facts.precision,name:`birthDatePrecision`,defaultValue:g?.birthDatePrecision===`MONTH`?`MONTH`:`DAY`,children:q.map(e=>(0,G.jsx)(`option`,{value:e,children:p.facts.precisions[e]},e))}),(0,G.jsxs)(a,{label:p.facts.sexLabel,name:`sex`,defaultValue:g?.sex??``,children:[(0,G.jsx)(`option`,{value:``,children:p.facts.unknown}),R.map(e=>(0,G.jsx)(`option`,{value:e,children:p.facts.sex[e]},e))]}),(0,G.jsx)(P,{defaultValue:g?.breed??void 0,optional:!0}),(0,G.jsx)(l,{label:p.facts.vaccinatedLabel,name:`vaccinatedUntil`,type:`date`,optional:!0,defaultValue:g?.vaccinatedUntil??void 0}),z.map(e=>(0,G.jsxs)(a,{label:p.facts[e].label,name:e,defaultValue:String(g?.[e]??``),children:[(0,G.jsx)(`option`,{value:``,children:p.facts.unknown}),(0,G.jsx)(`option`,{value:`true`,children:p.facts.yes}),(0,G.jsx)(`option`,{value:`false`,children:p.facts.no})]},e))]})}),(0,G.jsx)(N,{label:p.cat.photos,name:`photoIds`,hint:p.photo.hint(10),max:10-v.length,photos:g?.photos??[]}),v.length>0&&(0,G.jsx)(te,{urls:v}),(0,G.jsx)(c,{label:p.cat.availableLabel,name:`available`,defaultChecked:g?.available??!0,hint:p.cat.availableHint})]})}function te({urls:e}){let t=T().cat;return(0,G.jsxs)(`fieldset`,{className:W.photos,children:[(0,G.jsx)(`legend`,{children:t.foreignPhotos}),e.map((e,n)=>(0,G.jsx)(l,{label:t.photoAddress(n+1),name:`photosUrls`,type:`url`,maxLength:b,optional:!0,placeholder:`https://`,pattern:`https://.*`,title:t.photoHint,defaultValue:e,hint:n===0?t.photoHint:void 0},e))]})}var $=S(`
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,[E,K]),ne=S(`
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,[K]);function re(){let{id:e}=v();return(0,G.jsx)(ie,{id:e},e)}function ie({id:e}){let t=T(),a=w(),s=A(),c=j($,{id:e},`network-only`),[,l]=d(ne),u=H(),m=()=>a(`/cats/${e}`,{replace:!0});return(0,G.jsx)(B,{loaded:c,skeleton:(0,G.jsx)(p,{lines:8}),children:({catProfile:a})=>a?a.viewerCanEdit?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(r,{title:t.cat.edit(a.name),children:(0,G.jsx)(f,{text:t.cat.edit,name:a.name})}),(0,G.jsx)(Q,{data:a,draft:`cat-${e}`,submit:t.ui.save,onReload:c.reload,onCancel:()=>void m(),onSubmit:async r=>{let i=n(K,a),c=await u(g(r,`photoIds`),i.photos);if(c)return c;let{error:d}=await l({id:e,input:Z(r,i),seen:i.updatedAt});if(d)return o(d);s(t.ui.saved),await m()}})]}):(0,G.jsx)(i,{failure:{code:`FORBIDDEN`,message:``,fields:{}},forbidden:t.cat.notYours,onRetry:c.reload}):(0,G.jsx)(L,{})})}var ae=S(`
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,[K]);function oe(){let e=T(),t=w(),{key:n}=D(),a=A(),{data:s,failure:c,reload:l}=j(O,{}),u=H(),[,m]=d(ae);return c?(0,G.jsx)(i,{failure:c,onRetry:l}):s?(0,G.jsxs)(`div`,{className:W.page,children:[(0,G.jsx)(r,{title:e.cats.add}),(0,G.jsx)(Q,{draft:`cat-new`,submit:e.cats.add,onCancel:()=>void t(n==="default"?`/cats`:-1),onSubmit:async n=>{let r=await u(g(n,`photoIds`));if(r)return r;let i=X(n),{data:s,error:c}=await m({input:{...i,idempotencyKey:g(n,`idempotencyKey`)}});if(c)return o(c);a((0,G.jsx)(f,{text:e.cats.added,name:i.name})),await t(`/cats/${s.createCatProfile.id}`,{replace:!0})}})]}):(0,G.jsx)(p,{lines:8})}export{re as EditCatPage,oe as NewCatPage};