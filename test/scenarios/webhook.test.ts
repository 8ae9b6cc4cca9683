import { describeStep, describeWay, machineJson, parseScenario, resolveFlow } from '../../src/scenarios/index.ts';
import type { StepResult, WebhookRequest } from '../../src/scenarios/machine.ts';
import { file } from './files.ts';
import { compiled, contact, facts, scenario, START, stepContext, walk } from './journey.ts';

const requestOf = (result: StepResult): WebhookRequest =>
  result.effects.flatMap((effect) => (effect.kind === 'webhook' ? [effect.request] : []))[0]!;
const entry = { name: 'Ordered', at: START, properties: { id: 'a/b', total: 20, note: 'é\n' } };
const request = (webhook: string, fields = {}): WebhookRequest =>
  requestOf(
    walk(
      compiled(`steps: { tell: { webhook: ${webhook} } }`),
      [],
      stepContext({ entry, facts: facts({ contact: contact(fields) }) }),
    )[0]!,
  );

describe('webhook', () => {
  const machine = compiled(`
steps:
  tell: { webhook: { url: "https://crm.example/hook" }, onError: sorry, next: bye }
  sorry: { wait: 1d }
  bye: { wait: 2d }
`);

  test('asks for its call on entry and rests, without being a wait', () => {
    const [entered] = walk(machine, []);
    expect(entered).toMatchObject({ state: { value: 'tell', context: {} }, waiting: false });
    expect(entered!.effects.map(({ kind }) => kind)).toEqual(['entered', 'webhook']);
  });

  test.each([
    ['done', 'bye'],
    ['failed', 'sorry'],
  ] as const)('%s goes on to %s', (outcome, target) => {
    const results = walk(machine, [{ type: 'called', step: 'tell', outcome }]);
    expect(results.at(-1)!.state.value).toBe(target);
  });

  test('without onError a call that was given up goes on with the next step', () => {
    const plain = compiled('steps: { tell: { webhook: { url: "https://crm.example" } }, bye: { wait: 1d } }');
    expect(walk(plain, [{ type: 'called', step: 'tell', outcome: 'failed' }]).at(-1)!.state.value).toBe('bye');
  });

  test('the outcome of another step does not move it', () => {
    const [entered, after] = walk(machine, [{ type: 'called', step: 'other', outcome: 'done' }]);
    expect(after).toEqual({ ...entered, effects: [] });
  });

  test.each([
    ['GET', '{ url: "https://a.example/x", method: GET }', null],
    ['DELETE', '{ url: "https://a.example/x", method: DELETE }', null],
    ['DELETE', '{ url: "https://a.example/x", method: DELETE, body: { why: "{{event.total}}" } }', '{"why":20}'],
    ['PUT', '{ url: "https://a.example/x", method: PUT, body: ["{{contact.country}}"] }', '["FR"]'],
    ['POST', '{ url: "https://a.example/x", body: null }', 'null'],
  ])('%s %s sends the body %s', (method, webhook, body) => {
    expect(request(webhook)).toMatchObject({ method, body, fault: null });
  });

  test('without a body it describes the step, and nothing of the person but place and language', () => {
    const body: unknown = JSON.parse(
      request('{ url: "https://a.example" }', { email: 'ada@example.com', firstName: 'Ada', locale: 'fr' }).body!,
    );
    expect(body).toEqual({
      type: 'scenario.step',
      timestamp: '2026-03-02T08:00:00.000Z',
      data: {
        contact: { userId: 'ada', locale: 'fr', country: 'FR' },
        scenario: 'trial',
        step: 'tell',
        enrollment: { id: '3f000000-0000-8000-8000-000000000002', enteredAt: '2026-03-02T08:00:00.000Z' },
        event: { name: 'Ordered', at: '2026-03-02T08:00:00.000Z', properties: entry.properties },
      },
    });
  });

  test.each([
    ['https://a.example/o/{{event.id}}/x', 'https://a.example/o/a%2Fb/x'],
    ['https://a.example/o?n={{event.note}}&id={{event.id}}', 'https://a.example/o?n=%C3%A9%0A&id=a%2Fb'],
    ['https://a.example/o?n={{event.missing}}', 'https://a.example/o?n='],
    ['https://a.example?n={{ event.total }}', 'https://a.example?n=20'],
  ])('S4: what is filled into %s stays where it stands', (url, filled) => {
    expect(request(`{ url: "${url}" }`)).toMatchObject({ url: filled, fault: null });
  });

  test.each([{}, { attributes: { ref: '' } }, { attributes: { ref: '..' } }, { attributes: { ref: '.' } }])(
    'S4: nothing is called when the path would lack a part: %j',
    (fields) => {
      expect(request('{ url: "https://a.example/{{contact.ref}}", method: DELETE }', fields).fault).toBe(
        'nothing to put for {{contact.ref}} into the path',
      );
    },
  );

  test('S4: what is filled into a header stays in it', () => {
    const { headers } = request('{ url: "https://a.example", headers: { X-Note: "n={{event.note}}" } }');
    expect(headers).toEqual({ 'X-Note': 'n=%C3%A9%0A' });
  });
});

describe('what may be written', () => {
  const faultsOf = (step: string): string[] => {
    const { faults } = parseScenario(file(`  a: ${step}`), 'p/hello-there.yaml');
    return faults.map(({ code, message }) => `${code} ${message}`);
  };

  test.each([
    ['crm.example.com/x', 'wrong-url not an address that can be called'],
    ['ftp://crm.example.com/x', 'wrong-url not an address that can be called'],
    ['https://crm.example.com/a b', 'wrong-url not an address that can be called'],
    ['https://crm.example.com/a#b', 'wrong-url not an address that can be called'],
    ['https:///x', 'wrong-url not an address that can be called'],
    ['https://{{contact.host}}/x', 'wrong-url a host cannot be filled in'],
    ['https://crm.example.com:{{event.port}}/x', 'wrong-url a host cannot be filled in'],
    ['https://me:secret@crm.example.com/x', 'wrong-url credentials do not belong into an address'],
  ])('not the url %s', (url, fault) => {
    const [code, ...words] = fault.split(' ');
    expect(faultsOf(`{ webhook: { url: "${url}" } }`)).toEqual([`${code} "${url}": ${words.join(' ')}`]);
  });

  test.each([
    ['Host: x', '"Host" is set by Relance, and cannot be written'],
    ['content-length: "3"', '"content-length" is set by Relance, and cannot be written'],
    ['Transfer-Encoding: chunked', '"Transfer-Encoding" is set by Relance, and cannot be written'],
    ['Webhook-Id: x', '"Webhook-Id" is set by Relance, and cannot be written'],
    ['Proxy-Authorization: x', '"Proxy-Authorization" is set by Relance, and cannot be written'],
    ['"X A": x', '"X A" has no name of letters, digits and hyphens'],
    ['"X-A:": x', '"X-A:" has no name of letters, digits and hyphens'],
    ['X-A: x, x-a: y', '"x-a" stands twice, in upper and lower case'],
    ['X-A: "a\\r\\nHost: b"', '"X-A" takes one line of ASCII'],
  ])('not the header %s', (header, fault) => {
    expect(faultsOf(`{ webhook: { url: "https://a.example", headers: { ${header} } } }`)).toEqual([
      `wrong-header header ${fault}`,
    ]);
  });

  test('not a body with GET, another method, or an unknown key', () => {
    expect(faultsOf('{ webhook: { url: "https://a.example", method: GET, body: {} } }')).toEqual([
      'wrong-value a GET has no body',
    ]);
    expect(faultsOf('{ webhook: { url: "https://a.example", method: TRACE } }')[0]).toContain('wrong-value');
    expect(faultsOf('{ webhook: { url: "https://a.example", onErr: x } }')[0]).toContain('unknown-key');
  });
});

test('its words, its ways and its XState JSON', () => {
  const written = scenario(
    'steps: { tell: { webhook: { url: "https://a.example/{{contact.userId}}", headers: { Authorization: secret } }, onError: end }, bye: { wait: 1d } }',
  );
  const flow = resolveFlow(written).get('tell')!;
  expect(describeStep(flow.step)).toBe('call POST https://a.example/{{contact.userId}}');
  expect(flow.ways.map(({ name, target }) => [name, target, describeWay(flow, name)])).toEqual([
    ['next', 'bye', ''],
    ['onError', 'end', 'the call failed'],
  ]);
  const json = JSON.stringify(machineJson(written, 1));
  expect(json).toContain('"type":"the call failed"');
  expect(json).not.toContain('secret');
});
