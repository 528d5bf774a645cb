import{A as e,M as t,Mt as n,N as r,Rt as i,f as a,gt as o,kt as s,m as c,t as l,w as u,z as d}from"./shared-CwO356SJ.js";var f=o(),p=s(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`),m=[`SPAM`,`FRAUD`,`ANIMAL_WELFARE`,`HARASSMENT`,`OTHER`];function h({subjectId:o,onClose:s}){let h=l().queue,g=u(),[,_]=i(p);return(0,f.jsx)(d,{title:h.reportQuestion,onClose:s,children:(0,f.jsxs)(e,{draft:`report-${o}`,submit:h.sendReport,onCancel:s,onSubmit:async e=>{let{error:t}=await _({input:{subjectId:o,reason:a(e,`reason`),text:a(e,`text`)||null}});if(t)return n(t);g(h.reported),s()},children:[(0,f.jsx)(`p`,{children:h.reportHelp}),(0,f.jsx)(t,{label:h.reason,name:`reason`,required:!0,children:m.map(e=>(0,f.jsx)(`option`,{value:e,children:h.reasons[e]},e))}),(0,f.jsx)(r,{label:h.whatIsWrong,name:`text`,maxLength:c,optional:!0})]})})}export{h as ReportDialog};