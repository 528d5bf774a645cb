const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/parts-C2DOS3a8.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-D3IEIQEw.js","assets/index-DpbU5mep.js","assets/ReferenceFragment-oXxfBG_E.js"])))=>i.map(i=>d[i]);
import{Dt as e,Et as t,G as n,Gt as r,K as i,Kt as a,Ot as o,Q as s,it as c,l,nt as u,o as d,vt as f,xn as p}from"./shared-D3IEIQEw.js";import{Q as m,Z as h,nt as g,tt as _}from"./index-DpbU5mep.js";var v={page:`_page_s13do_2`,section:`_section_s13do_3`,sectionHeader:`_sectionHeader_s13do_12`,person:`_person_s13do_20`,about:`_about_s13do_26`,name:`_name_s13do_34`,actions:`_actions_s13do_35`,facts:`_facts_s13do_42`,history:`_history_s13do_61`},y=o(),b=r(`
    fragment Person on User {
      id
      name
      bio
      location
      place {
        id
        name
      }
      email
      isAdmin
      completedFosterings
      createdAt
      ...Portrait
    }
  `,[m]);function x({data:e,hidden:r,actions:o}){let d=t(),p=f(),m=a(b,e);return(0,y.jsxs)(`header`,{className:v.person,children:[(0,y.jsx)(h,{data:m,large:!0}),(0,y.jsxs)(`div`,{className:v.about,children:[(0,y.jsxs)(`div`,{className:v.name,children:[(0,y.jsx)(u,{title:m.name,children:(0,y.jsx)(`bdi`,{children:m.name})}),m.isAdmin&&(0,y.jsx)(n,{tone:`info`,children:d.person.admin})]}),(0,y.jsxs)(`p`,{className:v.facts,children:[(0,y.jsx)(i,{place:m.place,location:m.location}),(0,y.jsx)(`span`,{children:d.person.since(p(m.createdAt))}),!r&&(0,y.jsx)(`span`,{children:d.person.completed(m.completedFosterings)}),m.email&&(0,y.jsxs)(`span`,{children:[(0,y.jsx)(s,{name:`mail`}),(0,y.jsx)(c,{address:m.email})]})]}),m.bio&&(0,y.jsx)(l,{text:m.bio}),o&&(0,y.jsx)(`div`,{className:v.actions,children:o})]})]})}var S=r(`
    fragment PersonCats on User {
      id
      catProfiles(first: 12) {
        edges {
          node {
            id
            ...CatCard
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,[_]);function C({data:e,title:n,action:r,own:i,empty:o}){let s=t(),{id:c,catProfiles:l}=a(S,e),u=l.edges.map(e=>e.node);return(0,y.jsxs)(`section`,{className:v.section,children:[(0,y.jsxs)(`div`,{className:v.sectionHeader,children:[(0,y.jsx)(`h2`,{children:n}),r]}),u.length>0?(0,y.jsx)(g,{cats:u,level:3,own:i}):o,l.pageInfo.hasNextPage&&(0,y.jsx)(p,{to:`/cats?ownerId=${c}`,children:s.person.allCats})]})}var w=d(()=>e(async()=>{let{PersonReferences:e}=await import(`./parts-C2DOS3a8.js`);return{PersonReferences:e}},__vite__mapDeps([0,1,2,3,4])).then(({PersonReferences:e})=>e));export{b as a,x as i,C as n,v as o,S as r,w as t};