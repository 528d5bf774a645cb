import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orders, parametersOf, variablesOf, without } from './filter.ts'

for (const { address, filter, orderBy = orders.newest } of [
  { address: '', filter: {} },
  { address: 'search=+god+&location=K%C3%B6ln', filter: { search: 'god', location: 'Köln' } },
  { address: 'ageMin=0&ageMax=3', filter: { ageMin: 0, ageMax: 3 } },
  { address: 'ageMin=-1&ageMax=1.5', filter: {} },
  { address: 'available=true&ownerId=1', filter: { available: true, ownerId: '1' } },
  { address: 'freeFrom=2026-12-01', filter: {} },
  { address: 'freeFrom=2026-12-02&freeUntil=2026-12-01', filter: {} },
  { address: 'freeFrom=2026-12-01&freeUntil=2026-12-02', filter: { freeFrom: '2026-12-01', freeUntil: '2026-12-02' } },
  { address: 'sex=MALE&breed=%E6%97%A5%E6%9C%AC%E7%8C%AB&goodWithDogs=true&needsMedication=false', filter: { sex: 'MALE', breed: '日本猫', goodWithDogs: true, needsMedication: false } },
  { address: 'sex=male&goodWithDogs=yes&neutered=&vaccinatedOn=2026-02-30&microchipped=true', filter: {} },
  { address: 'vaccinatedOn=2026-12-24&available=false&sex=__proto__', filter: { vaccinatedOn: '2026-12-24' } },
  { address: 'near=p1', filter: { near: { placeId: 'p1', radiusKm: 50 } }, orderBy: orders.distance },
  { address: 'near=p1&radius=250&order=name&sex=MALE', filter: { near: { placeId: 'p1', radiusKm: 250 }, sex: 'MALE' }, orderBy: orders.name },
  { address: 'near=p1&radius=51', filter: { near: { placeId: 'p1', radiusKm: 50 } }, orderBy: orders.distance },
  { address: 'near=%3Cb%3E&radius=10&order=distance', filter: {} },
  { address: 'order=name', filter: {}, orderBy: orders.name },
  { address: 'order=nonsense', filter: {} },
  { address: 'order=__proto__', filter: {} },
  { address: 'order=constructor', filter: {} },
  { address: 'freeFrom=2026-13-01&freeUntil=2026-13-02', filter: {} },
  { address: 'freeFrom=2026-02-30&freeUntil=2026-03-02', filter: {} },
  { address: 'freeFrom=__proto__&freeUntil=constructor', filter: {} },
]) {
  test(`variablesOf ${address || 'an address without filters'}`, () => {
    assert.deepEqual(variablesOf(new URLSearchParams(address)), { filter, orderBy })
  })
}

test('parametersOf leaves out what is empty, and the usual order', () => {
  const fields: [string, string][] = [['search', ' god '], ['location', ' '], ['order', 'newest'], ['available', 'true']]
  assert.equal(parametersOf(fields).toString(), 'search=god&available=true')
})

for (const { fields, before, address } of [
  { fields: 'near=p1&radius=50&order=newest', before: '', address: 'near=p1' },
  { fields: 'near=p1&radius=100&order=distance', before: 'near=p1', address: 'near=p1&radius=100' },
  { fields: 'near=p1&radius=50&order=newest', before: 'near=p1', address: 'near=p1&order=newest' },
  { fields: 'near=&radius=100&order=distance', before: 'near=p1&radius=100', address: '' },
  { fields: 'near=p1&radius=50&order=name', before: 'order=name', address: 'order=name&near=p1' },
]) {
  test(`parametersOf ${fields} after ${before || 'an address without filters'}`, () => {
    const parameters = parametersOf(new URLSearchParams(fields), new URLSearchParams(before))
    assert.deepEqual(Object.fromEntries(parameters), Object.fromEntries(new URLSearchParams(address)))
  })
}

test('without a place there is no distance, and no order by it', () => {
  assert.equal(without(new URLSearchParams('near=p1&radius=10&order=distance&sex=MALE'), 'near').toString(), 'sex=MALE')
  assert.equal(without(new URLSearchParams('near=p1&order=newest'), 'near').toString(), '')
})

test('without drops one filter, and both days of a period', () => {
  const parameters = new URLSearchParams('freeFrom=2026-12-01&freeUntil=2026-12-02&sex=MALE&order=name')
  assert.equal(without(parameters, 'freeFrom').toString(), 'sex=MALE&order=name')
  assert.equal(without(parameters, 'sex').toString(), 'freeFrom=2026-12-01&freeUntil=2026-12-02&order=name')
})
