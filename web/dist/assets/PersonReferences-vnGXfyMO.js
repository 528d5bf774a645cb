const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/parts-DqxTx1LR.js","assets/rolldown-runtime-pP25SEvz.js","assets/shared-94jfGhsW.js","assets/index-BPsbRwYK.js","assets/ReferenceFragment-BdnHMYwN.js"])))=>i.map(i=>d[i]);
import{Dt as e,J as t,Kt as n,Ot as r,Y as i,at as a,c as o,d as s,kt as c,m as l,qt as u,tt as d,xn as f,yt as p}from"./shared-94jfGhsW.js";import{Q as m,Z as h,nt as g,tt as _}from"./index-BPsbRwYK.js";var v={page:`_page_s13do_2`,section:`_section_s13do_3`,sectionHeader:`_sectionHeader_s13do_12`,person:`_person_s13do_20`,about:`_about_s13do_26`,name:`_name_s13do_34`,actions:`_actions_s13do_35`,facts:`_facts_s13do_42`,history:`_history_s13do_61`},y=c(),b=n(`
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
  `,[m]);function x({data:n,hidden:r,actions:o}){let c=e(),f=p(),m=u(b,n);return(0,y.jsxs)(`header`,{className:v.person,children:[(0,y.jsx)(h,{data:m,large:!0}),(0,y.jsxs)(`div`,{className:v.about,children:[(0,y.jsxs)(`div`,{className:v.name,children:[(0,y.jsx)(a,{title:m.name,children:(0,y.jsx)(`bdi`,{children:m.name})}),m.isAdmin&&(0,y.jsx)(t,{tone:`info`,children:c.person.admin})]}),(0,y.jsxs)(`p`,{className:v.facts,children:[(0,y.jsx)(i,{place:m.place,location:m.location}),(0,y.jsx)(`span`,{children:c.person.since(f(m.createdAt))}),!r&&(0,y.jsx)(`span`,{children:c.person.completed(m.completedFosterings)}),m.email&&(0,y.jsxs)(`span`,{children:[(0,y.jsx)(d,{name:`mail`}),(0,y.jsx)(l,{address:m.email})]})]}),m.bio&&(0,y.jsx)(s,{text:m.bio}),o&&(0,y.jsx)(`div`,{className:v.actions,children:o})]})]})}var S=n(`
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
  `,[_]);function C({data:t,title:n,action:r,own:i,empty:a}){let o=e(),{id:s,catProfiles:c}=u(S,t),l=c.edges.map(e=>e.node);return(0,y.jsxs)(`section`,{className:v.section,children:[(0,y.jsxs)(`div`,{className:v.sectionHeader,children:[(0,y.jsx)(`h2`,{children:n}),r]}),l.length>0?(0,y.jsx)(g,{cats:l,level:3,own:i}):a,c.pageInfo.hasNextPage&&(0,y.jsx)(f,{to:`/cats?ownerId=${s}`,children:o.person.allCats})]})}var w=o(()=>r(async()=>{let{PersonReferences:e}=await import(`./parts-DqxTx1LR.js`);return{PersonReferences:e}},__vite__mapDeps([0,1,2,3,4])).then(({PersonReferences:e})=>e));export{b as a,x as i,C as n,v as o,S as r,w as t};