const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/parts-D8EjHj8g.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-DafN4PSE.js","assets/index-BP7IJ8nZ.js","assets/ReferenceFragment-CTfrKscG.js"])))=>i.map(i=>d[i]);
import{Dt as e,G as t,K as n,Kt as r,Ot as i,Q as a,Sn as o,at as s,kt as c,l,o as u,qt as d,rt as f,yt as p}from"./shared-DafN4PSE.js";import{Q as m,Z as h,nt as g,tt as _}from"./index-BP7IJ8nZ.js";var v={page:`_page_s13do_2`,section:`_section_s13do_3`,sectionHeader:`_sectionHeader_s13do_12`,person:`_person_s13do_20`,about:`_about_s13do_26`,name:`_name_s13do_34`,actions:`_actions_s13do_35`,facts:`_facts_s13do_42`,history:`_history_s13do_61`},y=c(),b=r(`
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
  `,[m]);function x({data:r,hidden:i,actions:o}){let c=e(),u=p(),m=d(b,r);return(0,y.jsxs)(`header`,{className:v.person,children:[(0,y.jsx)(h,{data:m,large:!0}),(0,y.jsxs)(`div`,{className:v.about,children:[(0,y.jsxs)(`div`,{className:v.name,children:[(0,y.jsx)(f,{title:m.name,children:(0,y.jsx)(`bdi`,{children:m.name})}),m.isAdmin&&(0,y.jsx)(t,{tone:`info`,children:c.person.admin})]}),(0,y.jsxs)(`p`,{className:v.facts,children:[(0,y.jsx)(n,{place:m.place,location:m.location}),(0,y.jsx)(`span`,{children:c.person.since(u(m.createdAt))}),!i&&(0,y.jsx)(`span`,{children:c.person.completed(m.completedFosterings)}),m.email&&(0,y.jsxs)(`span`,{children:[(0,y.jsx)(a,{name:`mail`}),(0,y.jsx)(s,{address:m.email})]})]}),m.bio&&(0,y.jsx)(l,{text:m.bio}),o&&(0,y.jsx)(`div`,{className:v.actions,children:o})]})]})}var S=r(`
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
  `,[_]);function C({data:t,title:n,action:r,own:i,empty:a}){let s=e(),{id:c,catProfiles:l}=d(S,t),u=l.edges.map(e=>e.node);return(0,y.jsxs)(`section`,{className:v.section,children:[(0,y.jsxs)(`div`,{className:v.sectionHeader,children:[(0,y.jsx)(`h2`,{children:n}),r]}),u.length>0?(0,y.jsx)(g,{cats:u,level:3,own:i}):a,l.pageInfo.hasNextPage&&(0,y.jsx)(o,{to:`/cats?ownerId=${c}`,children:s.person.allCats})]})}var w=u(()=>i(async()=>{let{PersonReferences:e}=await import(`./parts-D8EjHj8g.js`);return{PersonReferences:e}},__vite__mapDeps([0,1,2,3,4])).then(({PersonReferences:e})=>e));export{b as a,x as i,C as n,v as o,S as r,w as t};