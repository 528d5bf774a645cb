import{A as e,Bt as t,Kt as n,L as r,O as i,Zt as a,g as o,j as s,kt as c,p as l,v as u}from"./shared-94jfGhsW.js";import{t as d}from"./text-C3BL5ghm.js";var f=c(),p=n(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`),m=[`SPAM`,`FRAUD`,`ANIMAL_WELFARE`,`HARASSMENT`,`OTHER`];function h({subjectId:n,onClose:c}){let h=d().queue,g=l(),[,_]=a(p);return(0,f.jsx)(u,{title:h.reportQuestion,onClose:c,children:(0,f.jsxs)(i,{draft:`report-${n}`,submit:h.sendReport,onCancel:c,onSubmit:async e=>{let{error:r}=await _({input:{subjectId:n,reason:o(e,`reason`),text:o(e,`text`)||null}});if(r)return t(r);g(h.reported),c()},children:[(0,f.jsx)(`p`,{children:h.reportHelp}),(0,f.jsx)(e,{label:h.reason,name:`reason`,required:!0,children:m.map(e=>(0,f.jsx)(`option`,{value:e,children:h.reasons[e]},e))}),(0,f.jsx)(s,{label:h.whatIsWrong,name:`text`,maxLength:r,optional:!0})]})})}export{h as ReportDialog};