import{Bt as e,D as t,Kt as n,O as r,P as i,T as a,Zt as o,d as s,h as c,kt as l,p as u}from"./shared-DafN4PSE.js";import{t as d}from"./text-DtNrGbHA.js";var f=l(),p=n(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`),m=[`SPAM`,`FRAUD`,`ANIMAL_WELFARE`,`HARASSMENT`,`OTHER`];function h({subjectId:n,onClose:l}){let h=d().queue,g=s(),[,_]=o(p);return(0,f.jsx)(c,{title:h.reportQuestion,onClose:l,children:(0,f.jsxs)(a,{draft:`report-${n}`,submit:h.sendReport,onCancel:l,onSubmit:async t=>{let{error:r}=await _({input:{subjectId:n,reason:u(t,`reason`),text:u(t,`text`)||null}});if(r)return e(r);g(h.reported),l()},children:[(0,f.jsx)(`p`,{children:h.reportHelp}),(0,f.jsx)(t,{label:h.reason,name:`reason`,required:!0,children:m.map(e=>(0,f.jsx)(`option`,{value:e,children:h.reasons[e]},e))}),(0,f.jsx)(r,{label:h.whatIsWrong,name:`text`,maxLength:i,optional:!0})]})})}export{h as ReportDialog};