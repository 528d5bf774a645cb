// A model of the members and cats behind the endpoint, for graphql-js.
import { GraphQLError, GraphQLID, GraphQLScalarType, isInputObjectType, isListType, isNonNullType, Kind } from 'graphql';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const memberFields = 'id name bio location email isAdmin isSuperAdmin isModerator completedFosterings createdAt';
const factNames = ['sex', 'breed', 'neutered', 'vaccinatedUntil', 'microchipped', 'indoorOnly', 'goodWithCats', 'goodWithDogs', 'goodWithChildren', 'needsMedication'];
const catFields = `${factNames.join(' ')} birthDate birthDatePrecision id name age description specialCareInstructions photosUrls location available archived createdAt`;

// Scalars of our own are texts. What they say is for the resolvers, as it is on the server.
export function limitScalars(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(type instanceof GraphQLScalarType) || !['URL', 'Date', 'Time', 'Cursor'].includes(type.name)) continue;
    const text = (value) => {
      if (typeof value !== 'string') throw new GraphQLError(`${type.name} must be a string`);
      return value;
    };
    type.parseValue = text;
    type.parseLiteral = (node) => text(node.kind === Kind.STRING ? node.value : undefined);
  }
}

class Invalid extends Error {}

const check = (valid, what) => {
  if (!valid) throw new Invalid(what);
};

// Decodes the scalars in the arguments of a field.
function decode(type, value) {
  if (isNonNullType(type)) return decode(type.ofType, value);
  if (value === null || value === undefined) return;
  if (isListType(type)) value.forEach((item) => decode(type.ofType, item));
  else if (isInputObjectType(type)) for (const [name, inner] of Object.entries(value)) decode(type.getFields()[name].type, inner);
  else if (type === GraphQLID) check(uuid.test(value), 'id');
  else if (type.name === 'Date') check(/^\d{4}-\d\d-\d\d$/.test(value) && new Date(value).toISOString().startsWith(value), 'date');
  else if (type.name === 'Time') check(!Number.isNaN(Date.parse(value)), 'time');
  else if (type.name === 'Cursor') cursorOf(value);
}

const decoded = (resolve) => (args, context, info) => {
  for (const argument of info.parentType.getFields()[info.fieldName].args) decode(argument.type, args[argument.name]);
  return resolve(args);
};

function cursorOf(text) {
  const bytes = Buffer.from(text, 'base64url');
  check(/^[\w-]*$/.test(text) && bytes.length > 16, 'cursor');
  const hex = bytes.toString('hex', 0, 16);
  const [order, value] = bytes.toString('utf8', 16).split('\0');
  check(order !== '', 'cursor');
  return { order, value, id: hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5') };
}

const cursorText = (order, value, id) =>
  Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), Buffer.from(`${order}\0${value}`)]).toString('base64url');

const columns = {
  NAME: { of: (row) => row.name, key: (value) => value, by: new Intl.Collator('und', { numeric: true }).compare },
  AGE: { of: (row) => row.birthDate, key: (value) => value },
  VISIBLE_AT: { of: (row) => row.visibleAt, key: (value) => value },
  CREATED_AT: { of: (row) => row.createdAt, key: (value) => value.replace(/(\.(\d+))?Z$/, (all, dot, digits = '') => `.${digits.padEnd(9, '0')}Z`) },
};

// A page of rows, of which each has the fields of a node.
function connection(rows, { first, after, last, before }, order, descending) {
  for (const size of [first, last]) check(size == null || (size >= 0 && size <= 100), 'size');
  check(first == null || last == null, 'sizes');
  const { of, key, by = (a, b) => (a < b ? -1 : a > b ? 1 : 0) } = columns[order];
  if (order === 'AGE') descending = !descending; // The young are born late.
  const compare = (a, b) => (by(key(a.value), key(b.value)) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) * (descending ? -1 : 1);
  const at = (row) => ({ value: of(row), id: row.id });
  const bound = (text) => {
    const cursor = text == null ? null : cursorOf(text);
    check(!cursor || cursor.order === order, 'cursor');
    return cursor;
  };
  const [low, high] = [bound(after), bound(before)];
  const sorted = [...rows].sort((a, b) => compare(at(a), at(b)));
  const inside = sorted.filter((row) => (!low || compare(at(row), low) > 0) && (!high || compare(at(row), high) < 0));
  const shown = last == null ? inside.slice(0, first ?? 20) : inside.slice(Math.max(0, inside.length - last));
  const edges = shown.map((node) => ({ node, cursor: cursorText(order, of(node), node.id) }));
  const begin = shown.length > 0 ? sorted.indexOf(shown[0]) : 0;
  // Without items the page is at the cursor from which it was read.
  const [before_, behind] = shown.length > 0
    ? [begin > 0, begin + shown.length < sorted.length]
    : last == null
      ? [low !== null && sorted.some((row) => compare(at(row), low) <= 0), inside.length > 0 || (high !== null && sorted.some((row) => compare(at(row), high) >= 0))]
      : [inside.length > 0 || (low !== null && sorted.some((row) => compare(at(row), low) <= 0)), high !== null && sorted.some((row) => compare(at(row), high) >= 0)];
  return {
    edges,
    totalCount: rows.length,
    pageInfo: { hasNextPage: behind, hasPreviousPage: before_, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

// The pool has no words for which this is not enough.
const wordsOf = (...texts) => texts.join(' ').normalize('NFKD').toLowerCase().replace(/\p{Mn}/gu, '').match(/[\p{L}\p{N}]+/gu) ?? [];

function matches(cat, search) {
  if (!search.trim()) return true;
  const words = wordsOf(cat.name, cat.description, cat.specialCareInstructions);
  const begins = wordsOf(search);
  return begins.length > 0 && begins.every((begin) => words.some((word) => word.startsWith(begin)));
}

const understood = (search) => (search?.trim() ? { __typename: 'CatSearch', words: wordsOf(search) } : null);

// No id in the pool is that of a place.
const noPlace = (value) => (check(value == null, 'place'), null);

// The filters in the order of the table of the server. A text without characters is no condition.
const filters = {
  search: (cat, value) => matches(cat, value),
  ownerId: (cat, value) => cat.owner.id === value.toLowerCase(),
  viewerIsOwner: (cat, value, { viewer }) => (cat.owner.id === viewer) === value,
  location: (cat, value) => !!cat.location?.toLowerCase().startsWith(value.trim().toLowerCase()),
  ageMin: (cat, value) => cat.age >= value,
  ageMax: (cat, value) => cat.age <= value,
  available: (cat, value) => cat.available === value,
  freeFrom: () => true,
  near: () => true,
  sex: (cat, value) => cat.sex === value,
  breed: (cat, value) => cat.breed?.toLowerCase() === value.trim().toLowerCase(),
  neutered: (cat, value) => cat.neutered === value,
  vaccinatedOn: (cat, value) => cat.vaccinatedUntil !== null && cat.vaccinatedUntil >= value,
  ...Object.fromEntries(['indoorOnly', 'goodWithCats', 'goodWithDogs', 'goodWithChildren', 'needsMedication'].map((name) => [name, (cat, value) => cat[name] === value])),
};

// Returns the conditions of a filter, by name.
function conditionsOf(filter, viewer) {
  const { ageMin, ageMax, freeFrom, freeUntil } = filter ?? {};
  for (const age of [ageMin, ageMax]) check(age == null || (age >= 0 && age <= 40), 'age');
  check(ageMin == null || ageMax == null || ageMin <= ageMax, 'ages');
  check((freeFrom == null) === (freeUntil == null) && !(freeFrom > freeUntil), 'period');
  noPlace(filter?.near);
  const given = (value) => value != null && !(typeof value === 'string' && value.trim() === '');
  return Object.keys(filters).filter((name) => given(filter?.[name])).map((name) => [name, (cat) => filters[name](cat, filter[name], { viewer })]);
}

function filtered(cats, filter, viewer) {
  const conditions = conditionsOf(filter, viewer);
  return cats.filter((cat) => conditions.every(([, holds]) => holds(cat)));
}

function hintsOf(cats, filter, viewer) {
  const conditions = conditionsOf(filter, viewer);
  return conditions
    .map(([field]) => ({ field, count: Math.min(100, cats.filter((cat) => conditions.every(([other, holds]) => other === field || holds(cat))).length) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

// The breeds in use that begin with a text, as the oldest profile spells them.
function breedsOf(cats, search) {
  check([...search.trim()].length <= 60, 'search');
  const begin = search.trim().toLowerCase();
  const spelt = new Map();
  for (const cat of [...cats].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    const key = cat.breed?.toLowerCase();
    if (key?.startsWith(begin) && !spelt.has(key)) spelt.set(key, cat.breed);
  }
  return [...spelt.keys()].sort().slice(0, 10).map((key) => spelt.get(key));
}

const ageOn = (today, born) => Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0);

// What an input says about the birth of a cat.
function birthOf({ age, birthDate, birthDatePrecision }, cat, today) {
  check(age === undefined || (age === null ? birthDate != null : age >= 0 && age <= 40), 'age');
  if (birthDate != null) {
    check(birthDate <= today && ageOn(today, birthDate) <= 40, 'birth date');
    return { birthDate, birthDatePrecision: birthDatePrecision ?? 'DAY', age: ageOn(today, birthDate) };
  }
  check(birthDatePrecision == null, 'precision');
  if (age == null) return check(birthDate === undefined, 'no birth date'), {};
  if (birthDate === undefined && age === cat?.age) return {};
  const born = `${String(Number(today.slice(0, 4)) - age).padStart(4, '0')}${today.slice(4)}`;
  return { birthDate: new Date(born).toISOString().startsWith(born) ? born : born.replace('02-29', '02-28'), birthDatePrecision: 'YEAR', age };
}

const text = (value, least) => {
  check(value !== null && value.trim().length >= least, 'text');
  return value.trim();
};
const edits = {
  name: (value) => text(value, 1),
  description: (value) => text(value, 3),
  available: (value) => (check(value !== null, 'available'), value),
  location: (value) => value?.trim() || null,
  placeId: noPlace,
  ...Object.fromEntries(factNames.map((name) => [name, (value) => value ?? null])),
  breed: (value) => value?.trim() || null,
  specialCareInstructions: (value) => value?.trim() || null,
  photoIds: (value) => (check((value ?? []).length === 0, 'nobody has uploaded a photo'), []),
  photosUrls: (value) => (check((value ?? []).every((url) => url.startsWith('https://')), 'url'), value ?? []),
};

// The root value: resolvers over members and cats.
function rootOf(viewer, community, rows) {
  const members = new Map(rows.members.map((member) => [member.id, { __typename: 'User', ...member }]));
  const cats = new Map(rows.cats.map((cat) => [cat.id, { __typename: 'CatProfile', ...cat, owner: members.get(cat.owner.id) }]));
  const none = decoded((args) => connection([], args, 'CREATED_AT', true));
  const references = decoded((args) => connection([], args, 'VISIBLE_AT', true));
  const referencesSummary = { recommends: 0, doesNotRecommend: 0, lateCancellations: 0 };
  for (const cat of cats.values()) Object.assign(cat, { fosterings: none, promisedPeriods: [], photos: [], place: null, distanceKm: null });
  for (const member of members.values()) {
    const own = () => [...cats.values()].filter((cat) => cat.owner === member);
    Object.assign(member, { fosterings: none, place: null, suspension: null, notifications: none, reportsAbout: none, reportsBy: none, unreadNotifications: 0, viewerHasBlocked: false, references, referencesSummary, catProfiles: decoded((args) => connection(own(), args, 'CREATED_AT', true)) });
  }
  const find = (id) => cats.get(id.toLowerCase()) ?? members.get(id.toLowerCase()) ?? null;
  const fail = decoded(() => check(false, 'it fails'));
  const root = {
    community: { __typename: 'Community', ...community },
    me: () => members.get(viewer),
    user: decoded(({ id }) => members.get(id.toLowerCase()) ?? null),
    catProfile: decoded(({ id }) => cats.get(id.toLowerCase()) ?? null),
    node: decoded(({ id }) => find(id)),
    nodes: decoded(({ ids }) => (check(ids.length <= 100, 'ids'), ids.map(find))),
    catProfiles: decoded(({ filter, orderBy, ...page }) => {
      const { field = 'CREATED_AT', direction } = orderBy ?? {};
      const search = understood(filter?.search);
      check(field !== 'DISTANCE', 'near is not given');
      return { ...connection(filtered([...cats.values()], filter, viewer), page, field, direction === 'DESC'), search };
    }),
    catProfileFilterHints: decoded(({ filter }) => hintsOf([...cats.values()], filter, viewer)),
    breeds: decoded(({ search }) => breedsOf([...cats.values()], search)),
    fosterings: decoded(({ filter, orderBy, ...page }) => {
      check(!orderBy || orderBy.field === 'CREATED_AT' || !(page.after || page.before), 'cursor');
      return connection([], page, 'CREATED_AT', true);
    }),
    admins: decoded((args) => connection([], args, 'NAME')),
    moderationQueue: decoded((args) => connection([], args, 'CREATED_AT')),
    moderators: decoded((args) => connection([], args, 'NAME')),
    blockedUsers: none,
    updateCatProfile: decoded(({ id, input, expectedUpdatedAt }) => {
      const { age, birthDate, birthDatePrecision, ...others } = input;
      const fields = { placeId: 'place', photoIds: 'photos' };
      const changed = Object.entries(others).map(([name, value]) => [fields[name] ?? name, edits[name](value)]);
      const cat = cats.get(id.toLowerCase());
      check(cat, 'no cat');
      check(expectedUpdatedAt == null, 'it has changed'); // No time in the pool is that of a change.
      return Object.assign(cat, Object.fromEntries(changed), birthOf({ age, birthDate, birthDatePrecision }, cat, community.today));
    }),
  };
  for (const name of ['fostering', 'updatePhoto', 'updateProfile', 'requestFostering', 'updateFostering', 'cancelFostering', 'approveFostering', 'rejectFostering', 'completeFostering', 'proposeFosteringChange', 'acceptFosteringChange', 'declineFosteringChange', 'withdrawFosteringChange', 'sendMessage', 'grantAdmin', 'revokeAdmin', 'grantModerator', 'revokeModerator', 'suspendUser', 'reinstateUser', 'reportContent', 'writeReference', 'resolveReport']) root[name] = fail;
  root.deleteAccount = () => check(false, 'it fails');
  const plain = (row, fields) => Object.fromEntries(fields.split(' ').map((name) => [name, row[name]]));
  return {
    root,
    rows: () => ({
      members: [...members.values()].map((member) => plain(member, memberFields)),
      cats: [...cats.values()].map((cat) => ({ ...plain(cat, catFields), owner: { id: cat.owner.id } })),
    }),
  };
}

// Learns what is there from the endpoint.
export async function loadModel(send) {
  const { data, errors } = await send({ query: `{ community { name timeZone today } me { ${memberFields} } catProfiles(first: 100) { edges { node { ${catFields} owner { ${memberFields} } } } } }` });
  if (errors) throw new Error(JSON.stringify(errors));
  const found = data.catProfiles.edges.map((edge) => edge.node);
  let rows = { members: [...new Map([data.me, ...found.map((cat) => cat.owner)].map((member) => [member.id, member])).values()], cats: found };
  const [cat, other] = found;
  return {
    copy: () => rootOf(data.me.id, data.community, rows),
    become: (state) => { rows = state.rows(); },
    pools: {
      ID: [data.me.id, cat.id, other.id, other.id.toUpperCase(), '0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e', 'bad', 4],
      Cursor: [cat, other].flatMap((row) => [cursorText('CREATED_AT', row.createdAt, row.id), cursorText('NAME', row.name, row.id), cursorText('AGE', row.birthDate, row.id)]).concat('bad'),
      Date: ['2026-12-01', '2026-12-24', '2026-02-30', '2020-02-29', '2024-05-01', '1970-01-01'],
      Time: ['2026-12-01T09:30:00Z', 'bad'],
      URL: ['https://example.org/a.jpg', 'cat.jpg'],
      String: ['', 'zzz', 'ü "x"', 'Par', 'User', 'CatProfileOrder'],
      Int: [0, 1, 2, 2, 3, 3, 4, 7, 9, 12, 15, 20, 25, 31, 40, 101, -1, 2147483648],
      Boolean: [true, false],
    },
  };
}
