// Random documents with variables for a schema. Most of them are valid; each rule is broken now and then.
import {
  getNamedType, isCompositeType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField, SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';

// What a model does not know: times of changes, results of services, ids that the server makes, and parts of the schema
// that servers describe in their own words.
const unknown = /^(updatedAt|viewerCan.*|recoveryCodesLeft|auditEntries|findMembers|markNotificationsRead|updateNotificationSettings|notificationSettings|suggestions|places|createCatProfile|deleteCatProfile|blockUser|unblockUser|description|directives|types|possibleTypes|specifiedByURL|isOneOf|defaultValue|subscriptionType)$/;

// A generator of numbers from 0 to 1, which a seed determines (mulberry32).
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function newDocuments(schema, pools, seed) {
  const random = randomNumbers(seed);
  const chance = (percent) => random() * 100 < percent;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const upTo = (most) => Math.floor(random() * (most + 1));
  const inputs = Object.values(schema.getTypeMap()).filter((type) => isInputObjectType(type) || isEnumType(type) || pools[type.name]);
  const objects = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type) && !type.name.startsWith('__'));
  let variables, fragments, scope;

  const shown = (value) => (typeof value !== 'string' ? String(value) : chance(8) && !value.includes('"') ? `"""${value}"""` : JSON.stringify(value).replace('ü', () => pick(['ü', '\\u00fc', '\\u{fc}'])));

  // A value in the document. Without variables it is a default.
  function literal(type, withVariables) {
    if (withVariables && chance(22)) return variable(type);
    if (chance(isNonNullType(type) ? 0.5 : 6)) return 'null';
    if (isNonNullType(type)) return some(type.ofType, withVariables);
    return some(type, withVariables);
  }

  function some(type, withVariables) {
    if (isListType(type)) return chance(20) ? literal(type.ofType, withVariables) : `[${Array.from({ length: upTo(3) }, () => literal(type.ofType, withVariables)).join(' ')}]`;
    if (isEnumType(type)) return chance(1) ? pick(['NOPE', '"ASC"', '1']) : pick(type.getValues()).name;
    if (!isInputObjectType(type)) return shown(pick(pools[chance(1) ? pick(Object.keys(pools)) : type.name] ?? ['x']));
    const fields = Object.values(type.getFields()).filter((field) => (isRequiredInputField(field) ? !chance(1) : chance(30)));
    return `{${fields.map((field) => `${field.name}: ${literal(field.type, withVariables)}`).join(' ')}${chance(1) ? ' nope: 1' : ''}}`;
  }

  // A value among the variables.
  function json(type) {
    if (chance(isNonNullType(type) ? 1 : 15)) return null;
    if (isNonNullType(type)) return given(type.ofType);
    return given(type);
  }

  function given(type) {
    if (isListType(type)) return chance(20) ? json(type.ofType) : Array.from({ length: upTo(3) }, () => json(type.ofType));
    if (isEnumType(type)) return chance(4) ? pick(['NOPE', 'asc', 1]) : pick(type.getValues()).name;
    if (!isInputObjectType(type)) return chance(3) ? pick([true, 1, 1.5, 'x', [1, 2], {}]) : pick(pools[type.name] ?? ['x']);
    const fields = Object.values(type.getFields()).filter((field) => (isRequiredInputField(field) ? !chance(1) : chance(30)));
    return Object.fromEntries(fields.map((field) => [field.name, json(field.type)]).concat(chance(1) ? [['nope', 1]] : []));
  }

  const nullable = (type) => (isNonNullType(type) ? type.ofType : type);

  // A variable for a position, mostly of a type that fits.
  function variable(type) {
    const known = [...variables.values()].filter((v) => String(v.type) === String(type));
    if (known.length > 0 && chance(30)) return use(pick(known).name);
    const name = `v${variables.size}`;
    const kind = Math.floor(random() * 100);
    const added = kind < 45 ? { type } : kind < 80 ? { type: nullable(type), fallback: true } : kind < 97 ? { type: nullable(type) } : { type: pick(inputs) };
    variables.set(name, { name, ...added });
    return use(name);
  }

  function use(name) {
    scope.variables.add(name);
    return `$${name}`;
  }

  const directives = () => (chance(10) ? ` @${pick(['skip', 'include'])}(if: ${literal(schema.getDirective('skip').args[0].type, true)})` : '');

  function field(type, depth) {
    if (chance(8)) return `__typename${directives()}`;
    if (chance(0.3)) return 'nope';
    let fields = Object.values(type.getFields?.() ?? {}).filter((f) => !unknown.test(f.name) || (!type.name.startsWith('__') && f.name === 'description'));
    if (type === schema.getQueryType()) fields = fields.concat([TypeMetaFieldDef, SchemaMetaFieldDef]);
    if (depth > 3) fields = fields.filter((f) => !isCompositeType(getNamedType(f.type)));
    if (fields.length === 0) return '__typename';
    const chosen = pick(fields);
    const alias = chance(8) ? `${pick(['a', 'b', 'id', 'name'])}: ` : '';
    const passed = chosen.args.filter((argument) => (isRequiredArgument(argument) ? !chance(0.7) : chance(20)));
    const list = passed.map((argument) => `${argument.name}: ${literal(argument.type, true)}`).concat(chance(0.5) ? ['nope: 1'] : []);
    const inner = isCompositeType(getNamedType(chosen.type)) !== chance(0.3) ? ` ${selections(getNamedType(chosen.type), depth + 1)}` : '';
    return `${alias}${chosen.name}${list.length > 0 ? `(${list.join(' ')})` : ''}${directives()}${inner}`;
  }

  function selections(type, depth) {
    if (!isCompositeType(type)) return '{ nope }';
    return `{ ${Array.from({ length: 1 + upTo(depth > 2 ? 1 : 2) }, () => selection(type, depth)).join(' ')} }`;
  }

  function selection(type, depth) {
    if (chance(84) || depth > 3) return field(type, depth);
    const condition = chance(93) ? type : pick([...objects, ...(type.getInterfaces?.() ?? [])]);
    if (chance(50)) return `...${chance(80) ? ` on ${condition.name}` : ''}${directives()} ${selections(condition, depth + 1)}`;
    const known = [...fragments.values()].filter((f) => f.type === condition && f.text);
    if (known.length > 0 && chance(50)) return spread(pick(known).name);
    const name = `F${fragments.size}`;
    const outer = scope;
    scope = { name, type: condition, variables: new Set(), spreads: new Set() };
    fragments.set(name, scope);
    scope.text = `fragment ${name} on ${condition.name} ${selections(condition, depth + 1)}`;
    scope = outer;
    return spread(name);
  }

  function spread(name) {
    scope.spreads.add(name);
    return `...${name}${directives()}`;
  }

  // The variables that an operation uses, also in fragments.
  function reached(from, seen = new Set()) {
    const all = new Set(from.variables);
    for (const name of from.spreads) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const inner of reached(fragments.get(name), seen)) all.add(inner);
    }
    return all;
  }

  function operation(kind, name) {
    scope = { variables: new Set(), spreads: new Set() };
    const body = selections(kind === 'query' ? schema.getQueryType() : schema.getMutationType(), 0);
    const defined = [...reached(scope)].filter(() => !chance(1)).map((v) => {
      const { type, fallback } = variables.get(v);
      return `$${v}: ${type}${fallback ? ` = ${literal(type, false)}` : ''}`;
    });
    return `${kind} ${name}${defined.length > 0 ? `(${defined.join(' ')})` : ''} ${body}`;
  }

  // Takes a word away, or puts it in twice.
  function disturb(text) {
    const words = text.match(/"[^"]*"|\w+|\s+|./g);
    const at = Math.floor(random() * words.length);
    words.splice(at, 1, ...(chance(50) ? [] : [words[at], ' ', words[at]]));
    return words.join('');
  }

  return {
    next() {
      [variables, fragments] = [new Map(), new Map()];
      const parts = [operation(chance(20) ? 'mutation' : 'query', 'A')];
      if (chance(12)) parts.push(operation('query', chance(90) ? 'B' : ''));
      const text = [...parts, ...[...fragments.values()].map((fragment) => fragment.text)].join(' ');
      const values = [...variables.values()].filter(() => chance(72)).map(({ name, type }) => [name, json(type)]);
      return {
        query: chance(5) ? disturb(text) : text,
        variables: Object.fromEntries(values),
        ...(parts.length > 1 ? !chance(10) && { operationName: pick(['A', 'A', 'A', 'B']) } : chance(3) && { operationName: 'C' }),
      };
    },
  };
}
