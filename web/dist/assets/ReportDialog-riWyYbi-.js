import{D as e,Gt as t,O as n,Ot as r,P as i,T as a,Xt as o,d as s,h as c,p as l,zt as u}from"./shared-D3IEIQEw.js";import{t as d}from"./text-C_2fJxln.js";var f=r(),p=t(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`),m=[`SPAM`,`FRAUD`,`ANIMAL_WELFARE`,`HARASSMENT`,`OTHER`];function h({subjectId:t,onClose:r}){let h=d().queue,g=s(),[,_]=o(p);return(0,f.jsx)(c,{title:h.reportQuestion,onClose:r,children:(0,f.jsxs)(a,{draft:`report-${t}`,submit:h.sendReport,onCancel:r,onSubmit:async e=>{let{error:n}=await _({input:{subjectId:t,reason:l(e,`reason`),text:l(e,`text`)||null}});if(n)return u(n);g(h.reported),r()},children:[(0,f.jsx)(`p`,{children:h.reportHelp}),(0,f.jsx)(e,{label:h.reason,name:`reason`,required:!0,children:m.map(e=>(0,f.jsx)(`option`,{value:e,children:h.reasons[e]},e))}),(0,f.jsx)(n,{label:h.whatIsWrong,name:`text`,maxLength:i,optional:!0})]})})}export{h as ReportDialog};