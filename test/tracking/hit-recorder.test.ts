import { VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { HitRecorder } from '../../src/tracking/hit-recorder.service.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const contactId = contactIdOf('ada');
const token = {
  contactId,
  messageId: derivedId(contactId, 'message', 1),
  month: '2026-03-01',
  url: 'https://example.com/',
};

test('a hit wakes whoever sleeps until the next look at what others left; those after it need not', async () => {
  const clock = new VirtualClock(NOW);
  const recorder = new HitRecorder({ run: () => Promise.resolve([]) } as never, {} as never, clock);
  let woken = 0;
  recorder.onEarlier(() => (woken += 1));
  recorder.taken();
  expect(recorder.judgeAt).toBe(NOW + 60_000);

  await recorder.record(token, 'click', 'bot');
  expect([woken, recorder.judgeAt]).toEqual([0, NOW + 60_000]);
  await recorder.record(token, 'click', null);
  expect([woken, recorder.judgeAt]).toEqual([1, NOW + 3_000]);
  clock.moveTo(NOW + 1_000);
  await recorder.record(token, 'trap', null);
  expect([woken, recorder.judgeAt]).toEqual([1, NOW + 3_000]);

  // The second waits its own time.
  clock.moveTo(NOW + 3_000);
  recorder.taken();
  expect(recorder.judgeAt).toBe(NOW + 4_000);
});
