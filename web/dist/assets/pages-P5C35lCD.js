import{$ as e,A as t,At as n,C as r,D as i,I as a,J as o,S as s,St as c,Y as l,cn as u,gt as d,i as f,k as p,lt as m,o as h,on as g,q as _,rt as v,st as y,wt as b,x,xt as S,y as C}from"./shared-SDdjf1-m.js";import{X as w,nt as T,tt as E}from"./index-IYr1Q52z.js";var D={page:`_page_1091t_2`,plan:`_plan_1091t_3`,actions:`_actions_1091t_9`,who:`_who_1091t_15`},O=S(`
  fragment CarePlan on CarePlan {
    feeding
    medication
    vet
    mayAuthorizeTreatment
    emergencyContact
    habits
    updatedAt
  }
`),k=[`feeding`,`medication`,`vet`,`emergencyContact`,`habits`],A=m(),j=S(`
    query CarePlan($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        owner {
          id
        }
        carePlan {
          ...CarePlan
        }
      }
    }
  `,[l,O]);function M(){let{id:t}=u(),n=y(),i=e(),l=d(j,{id:t});return(0,A.jsx)(E,{loaded:l,skeleton:(0,A.jsx)(C,{lines:6}),children:e=>{let t=e.catProfile,l=t?.owner.id===v(e).id,u=t?.carePlan&&c(O,t.carePlan);return!t||!u&&!l?(0,A.jsx)(T,{}):(0,A.jsxs)(`article`,{className:D.page,children:[(0,A.jsx)(a,{title:n.carePlan.of(t.name),children:(0,A.jsx)(s,{text:n.carePlan.of,name:t.name})}),(0,A.jsxs)(`div`,{className:D.actions,children:[l&&(0,A.jsx)(o,{small:!0,to:`/cats/${t.id}/care/edit`,children:n.ui.edit}),u&&(0,A.jsx)(_,{small:!0,onClick:()=>print(),children:n.carePlan.print}),(0,A.jsx)(o,{small:!0,kind:`quiet`,to:`/cats/${t.id}`,children:(0,A.jsx)(`bdi`,{children:t.name})})]}),l&&(0,A.jsx)(`p`,{className:D.who,children:n.carePlan.who}),u?(0,A.jsxs)(A.Fragment,{children:[(0,A.jsxs)(`dl`,{className:D.plan,children:[k.map(e=>u[e]&&(0,A.jsxs)(`div`,{children:[(0,A.jsx)(`dt`,{children:n.carePlan.fields[e]}),(0,A.jsx)(`dd`,{children:(0,A.jsx)(w,{text:u[e]})})]},e)),u.mayAuthorizeTreatment!==null&&(0,A.jsxs)(`div`,{children:[(0,A.jsx)(`dt`,{children:n.carePlan.treatment}),(0,A.jsx)(`dd`,{children:u.mayAuthorizeTreatment?n.carePlan.mayTreat:n.carePlan.mayNotTreat})]})]}),(0,A.jsx)(`p`,{className:D.who,children:n.carePlan.changed(i(u.updatedAt))})]}):(0,A.jsx)(r,{title:n.carePlan.empty})]})}})}var N=S(`
    mutation UpdateCarePlan($id: ID!, $input: CarePlanInput!) {
      updateCarePlan(catProfileId: $id, input: $input) {
        id
        carePlan {
          ...CarePlan
        }
      }
    }
  `,[O]),P=e=>e===``?null:e===`yes`;function F(){let{id:e}=u(),r=y(),o=g(),l=x(),m=d(j,{id:e},`network-only`),[,_]=n(N),S=()=>o(`/cats/${e}/care`,{replace:!0});return(0,A.jsx)(E,{loaded:m,skeleton:(0,A.jsx)(C,{lines:8}),children:n=>{let o=n.catProfile;if(!o||o.owner.id!==v(n).id)return(0,A.jsx)(T,{});let u=o.carePlan&&c(O,o.carePlan),d=u?.mayAuthorizeTreatment;return(0,A.jsxs)(`div`,{className:D.page,children:[(0,A.jsx)(a,{title:r.carePlan.of(o.name),children:(0,A.jsx)(s,{text:r.carePlan.of,name:o.name})}),(0,A.jsx)(`p`,{className:D.who,children:r.carePlan.who}),(0,A.jsxs)(i,{draft:`care-${e}`,submit:r.ui.save,onCancel:()=>void S(),onSubmit:async t=>{let n={...Object.fromEntries(k.map(e=>[e,f(t,e)])),mayAuthorizeTreatment:P(f(t,`mayAuthorizeTreatment`))},{error:i}=await _({id:e,input:n});if(i)return b(i);l(r.ui.saved),await S()},children:[k.map(e=>(0,A.jsx)(t,{label:r.carePlan.fields[e],name:e,maxLength:h,optional:!0,hint:r.carePlan.hints[e],defaultValue:u?.[e]??void 0},e)),(0,A.jsxs)(p,{label:r.carePlan.treatment,name:`mayAuthorizeTreatment`,defaultValue:d===!0?`yes`:d===!1?`no`:``,children:[(0,A.jsx)(`option`,{value:``,children:r.carePlan.notSaid}),(0,A.jsx)(`option`,{value:`yes`,children:r.carePlan.mayTreat}),(0,A.jsx)(`option`,{value:`no`,children:r.carePlan.mayNotTreat})]})]})]})}})}export{M as CarePlanPage,F as EditCarePlanPage};