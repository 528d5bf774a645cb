// Sends random documents and variables to the endpoint in the first argument, executes them with graphql-js over the
// schema in the second too, and prints every difference. The seed and the number of documents follow. The exit status
// is 1 if there is a difference, apart from those that differenceOf lists.
import { readFileSync } from 'node:fs';
import { buildSchema, execute, parse, validate } from 'graphql';
import { newDocuments } from './documents.js';
import { loadModel, limitScalars } from './model.js';

const [endpoint, schemaFile, seed, count] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
limitScalars(schema);

async function send(request) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Session-Token': 'any' },
    body: JSON.stringify(request),
  });
  return response.json();
}

// The answer of graphql-js. Without data the request is refused.
async function reference(request, rootValue) {
  let document;
  try {
    document = parse(request.query);
  } catch (error) {
    return { errors: [error] };
  }
  const problems = validate(schema, document);
  if (problems.length > 0) return { errors: problems };
  const answer = await execute({
    schema, document, rootValue, variableValues: request.variables, operationName: request.operationName,
  });
  return JSON.parse(JSON.stringify(answer));
}

// The path at which an error makes the data null, and where the error is. Of several fields of the same name there is
// one place only.
function consequences({ data, errors = [] }) {
  const found = new Map();
  for (const { path = [], locations = [] } of errors) {
    let at = data;
    let depth = 0;
    while (at !== null && at !== undefined && depth < path.length) at = at[path[depth++]];
    const nulled = JSON.stringify(path.slice(0, depth));
    if (at !== null) return null;
    if (!found.has(nulled)) found.set(nulled, new Set());
    found.get(nulled).add(JSON.stringify([path, locations[0]]));
  }
  return found;
}

// What differs between two answers, or why it may.
function differenceOf(request, ours, theirs) {
  const code = ours.errors?.[0].extensions.code;
  if (code === 'COMPLEXITY_LIMIT_EXCEEDED') return { allowed: 'the server limits the complexity of an operation' };
  if (!('data' in ours) && 'data' in theirs && ours.errors[0].message.endsWith('must not be null')) {
    if (theirs.errors?.some((error) => /must not be null|has invalid value/.test(error.message))) {
      return { allowed: 'a null is refused before anything is executed, not at its field' };
    }
    if (/@(skip|include)|mutation|\.\.\./.test(request.query)) {
      return { allowed: 'a null is refused also at a field that is not reached' };
    }
  }
  if ('data' in ours !== 'data' in theirs) return { difference: 'only one executes the request' };
  if (!('data' in ours)) return {};
  const [text, expected] = [ours, theirs].map(({ data }) => JSON.stringify(data));
  if (text !== expected && text.replaceAll('[]', 'null') === expected.replaceAll('[]', 'null') && /__schema|__type\W/.test(request.query)) {
    return { allowed: 'the schema has [] in place of null for fields that a kind of type cannot have' };
  }
  if (text !== expected) return { difference: 'the data differs' };
  // Of several errors that make the same place null, graphql-js reports the first.
  const [mine, other] = [consequences(ours), consequences(theirs)];
  if (mine === null) return { difference: 'an error has a path to something that is not null' };
  const same = mine.size === other.size && [...other].every(([nulled, places]) => [...places].some((place) => mine.get(nulled)?.has(place)));
  return same ? {} : { difference: 'the errors are at other places' };
}

const model = await loadModel(send);
const documents = newDocuments(schema, model.pools, Number(seed));
const allowed = {};
let executed = 0;
let refused = 0;
let differences = 0;
for (let n = 0; n < Number(count); n++) {
  const request = documents.next();
  const ours = await send(request);
  const state = model.copy();
  const theirs = await reference(request, state.root);
  if ('data' in ours) model.become(state);
  'data' in ours ? executed++ : refused++;
  const found = differenceOf(request, ours, theirs);
  if (found.allowed) allowed[found.allowed] = (allowed[found.allowed] ?? 0) + 1;
  if (found.difference) {
    differences++;
    const shown = { ...theirs, errors: theirs.errors?.map(({ message, path, locations }) => ({ message, path, locations })) };
    console.log(`document ${n} of the seed ${seed}: ${found.difference}\n${JSON.stringify(request)}\nthe server: ${JSON.stringify({ data: ours.data, errors: ours.errors }).slice(0, 1500)}\ngraphql-js: ${JSON.stringify(shown).slice(0, 1500)}\n`);
  }
}
console.log(JSON.stringify({ executed, refused, differences, allowed }));
process.exit(differences === 0 && executed > 0 && refused > 0 ? 0 : 1);
