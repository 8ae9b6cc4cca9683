import { parseScenario } from '../../src/scenarios/index.ts';

const file = (rest: string): string => `scenario: welcome-mail
programme: welcome
name: Welcome
category: marketing
purpose: newsletter
sender: brand
${rest}
`;

test.each([
  ['an event', 'trigger: { event: "Order\\0" }\nsteps: { a: { wait: 1d } }'],
  ['a condition on an event', 'trigger: { manual: true }\naudience: { event: "Order\\0" }\nsteps: { a: { wait: 1d } }'],
  ['an attribute', 'trigger: { manual: true }\nsteps: { a: { set: { "tier\\0": gold } } }'],
])('%s that the database cannot hold is refused where it is written', (_what, rest) => {
  const { faults } = parseScenario(file(rest), 'welcome-mail.yaml');
  expect(faults).toEqual([
    expect.objectContaining({
      severity: 'error',
      line: expect.any(Number) as number,
      message: expect.stringContaining('must not contain NUL or broken Unicode') as string,
    }),
  ]);
});
