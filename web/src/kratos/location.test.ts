import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loginPath, ownPath, withReturnTo } from './location.ts'

const origin = 'https://cats.example.org'

test('loginPath keeps the whole path', () => {
  assert.equal(loginPath('/cats?search=a&age=1'), '/login?return_to=%2Fcats%3Fsearch%3Da%26age%3D1')
})

test('withReturnTo keeps the parameters of the URL', () => {
  const url = new URL(withReturnTo('/.ory/kratos/public/self-service/login/browser?refresh=true', '/settings', origin))
  assert.equal(url.searchParams.get('refresh'), 'true')
  assert.equal(url.searchParams.get('return_to'), `${origin}/settings`)
})

test('ownPath accepts only pages of the same origin', () => {
  assert.equal(ownPath(`${origin}/cats?age=1#top`, origin), '/cats?age=1#top')
  assert.equal(ownPath('/cats', origin), '/cats')
  assert.equal(ownPath(`${origin}//evil.example/`, origin), '/evil.example/')
  for (const url of [null, '', 'https://evil.example/', '//evil.example/', 'javascript:alert(1)', 'http://cats.example.org/', 'https://[']) {
    assert.equal(ownPath(url, origin), undefined, `${url}`)
  }
})
