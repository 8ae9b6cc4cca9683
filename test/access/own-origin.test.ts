import { browserMark, isForeign, isJson, isNavigation, ownPath } from '../../src/access/own-origin.ts';

const place = { host: 'relance.example.com', publicUrl: 'https://relance.example.com/below' };

test.each([
  ['a script', {}, false],
  ['a page of ours', { origin: 'https://relance.example.com', 'sec-fetch-site': 'same-origin' }, false],
  ['a page of ours that tells nobody where it was', { origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
  ['a page of ours over plain http', { origin: 'http://relance.example.com' }, false],
  ["the browser's bar", { 'sec-fetch-site': 'none' }, false],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, true],
  ['another site that has no headers of Fetch', { origin: 'https://evil.example' }, true],
  ['another port of the same host', { origin: 'https://relance.example.com:444' }, true],
  ['a neighbour', { 'sec-fetch-site': 'same-site' }, true],
  ['a frame without an origin', { origin: 'null' }, true],
  ['a frame without an origin, of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }, true],
  ['what is no origin', { origin: 'relance.example.com' }, true],
  ['two origins', { origin: ['https://relance.example.com', 'https://evil.example'] }, true],
])('a request of %s is foreign: %j %s', (_who, headers, foreign) => {
  expect(isForeign(headers, place)).toBe(foreign);
});

test('behind a proxy that changes the host, the public address is the own one', () => {
  expect(isForeign({ origin: 'https://relance.example.com' }, { ...place, host: '10.0.0.7:3000' })).toBe(false);
});

test('a browser is known by what it sends, and the fetch of Node is none', () => {
  expect(browserMark({ 'sec-fetch-mode': 'cors', 'user-agent': 'node', accept: '*/*' })).toBeUndefined();
  for (const mark of ['sec-fetch-site', 'origin', 'cookie', 'referer']) expect(browserMark({ [mark]: 'x' })).toBe(mark);
});

test('only a whole page is gone to by a link', () => {
  expect(isNavigation({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })).toBe(true);
  expect(isNavigation({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).toBe(false);
  expect(isNavigation({ 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toBe(false);
});

test.each([
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['application/cloudevents+json', true],
  ['text/plain', false],
  ['text/plain; x=application/json', false],
  ['application/x-www-form-urlencoded', false],
  ['multipart/form-data; boundary=x', false],
  ['application/jsonp', false],
  ['', false],
])('%s is JSON: %s', (type, is) => {
  expect(isJson(type)).toBe(is);
});

test.each([
  ['/outbox?q=ada', '/outbox?q=ada'],
  ['/api/docs', '/api/docs'],
  ['https://evil.example/', '/outbox'],
  ['//evil.example/', '/outbox'],
  ['/\\evil.example/', '/outbox'],
  ['/\t/evil.example/', '/outbox'],
  ['/.//evil.example/', '/evil.example/'],
  ['javascript:alert(1)', '/outbox'],
  ['', '/outbox'],
  [undefined, '/outbox'],
  [['/a'], '/outbox'],
])('after the sign-in %j leads to %s of this service', (to, path) => {
  expect(ownPath(to)).toBe(path);
});
