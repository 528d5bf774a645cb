import{C as e,Lt as t,M as n,Ot as r,R as i,d as a,ht as o,j as s,jt as c,k as l,p as u,t as d}from"./shared-MDYQo7Gp.js";var f=o(),p=r(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`),m=[`SPAM`,`FRAUD`,`ANIMAL_WELFARE`,`HARASSMENT`,`OTHER`];function h({subjectId:r,onClose:o}){let h=d().queue,g=e(),[,_]=t(p);return(0,f.jsx)(i,{title:h.reportQuestion,onClose:o,children:(0,f.jsxs)(l,{draft:`report-${r}`,submit:h.sendReport,onCancel:o,onSubmit:async e=>{let{error:t}=await _({input:{subjectId:r,reason:a(e,`reason`),text:a(e,`text`)||null}});if(t)return c(t);g(h.reported),o()},children:[(0,f.jsx)(`p`,{children:h.reportHelp}),(0,f.jsx)(s,{label:h.reason,name:`reason`,required:!0,children:m.map(e=>(0,f.jsx)(`option`,{value:e,children:h.reasons[e]},e))}),(0,f.jsx)(n,{label:h.whatIsWrong,name:`text`,maxLength:u,optional:!0})]})})}export{h as ReportDialog};