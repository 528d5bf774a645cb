// Runs the audits of graphql-http against the URL in the argument. The exit status is 1 if
// one of them does not pass, be it a MUST, a SHOULD or a MAY.
import { serverAudits } from 'graphql-http';

const audits = serverAudits({ url: process.argv[2] });
let failed = 0;
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== 'ok') {
    failed++;
    console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${audits.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
