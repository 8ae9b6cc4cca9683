import { rm } from 'node:fs/promises';
import path from 'node:path';
import { rehearsalPage, rehearseRequest } from '../../src/rehearsal/index.ts';
import { layOut } from '../../src/rehearsal/report/layout.ts';
import type { Box, Link } from '../../src/rehearsal/report/ranks.ts';
import { ADA, PLACES, writeFolder } from './people.ts';

let folder: string;
let page: string;

beforeAll(async () => {
  folder = await writeFolder({
    'ada.yaml': ADA(`sent:
  - { at: 2026-03-01T06:00:00Z, channel: email, category: marketing }
timeline:
  - { at: 2026-03-05T08:00:00+01:00, consent: { channel: email, purpose: newsletter, action: withdrawn } }
  - { at: 2026-03-10T09:00:00+01:00, track: Order Completed, properties: { total: 50, note: "<script>alert(1)</script>" } }
`).replace('firstName: Ada', 'firstName: "<b>Ada"'),
  });
  const request = { scenario: 'newsletter-welcome', contact: path.join(folder, 'ada.yaml'), from: '2026-03-02T09:00' };
  page = rehearsalPage(await rehearseRequest(request, PLACES, null, 0)).text;
});
afterAll(() => rm(folder, { recursive: true }));

describe('the report of a rehearsal', () => {
  test('stands alone: no script, nothing from outside, and what people wrote is text', () => {
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toMatch(/<link|@import|url\((?!#)/);
    expect(page).toContain('content="default-src &#39;none&#39;;');
    expect(page).toContain('for &lt;b&gt;Ada');
  });

  test('shows the machine with the path taken, and leads from it to the timeline', () => {
    expect(page.match(/class="node \w+ visited"/g)).toHaveLength(6);
    expect(page).toMatch(/class="line taken"/);
    expect(page).toContain('class="node end visited"');
    for (const [, id] of page.matchAll(/href="#(entry-\d+|message-[\w-]+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  test('shows each mail in a frame of its own that may do nothing, each text, and why another did not leave', () => {
    expect(page.match(/<iframe[^>]* sandbox=""[^>]* srcdoc="&lt;!doctype html&gt;/gi)).toHaveLength(1);
    expect(page).toContain('class="bubble"');
    expect(page).toContain('consent, withdrawn');
    expect(page).toContain('weekly-ceiling <b>1/3</b>');
  });
});

describe('the layout of a machine', () => {
  const box = (id: string, width = 150): Box => ({ id, width, height: 54 });
  const link = (from: string, to: string, labelWidth = 0): Link => ({ from, to, labelWidth });

  test('no two boxes and no two labels overlap, also with loops, long arrows and a step that leads to itself', () => {
    const boxes = 'a b c d e f end'.split(' ').map((id) => box(id));
    const links = [
      link('a', 'b', 80),
      link('a', 'c', 90),
      link('a', 'end', 60),
      link('b', 'd'),
      link('c', 'd', 100),
      link('d', 'a', 70),
      link('d', 'd', 50),
      link('d', 'e', 120),
      link('d', 'f', 120),
      link('e', 'end'),
      link('f', 'end'),
      link('f', 'b', 40),
    ];
    const { boxes: places, links: lines, width, height } = layOut(boxes, links);
    const rectangles = [
      ...boxes.map(({ id, width: w, height: h }) => ({ ...places.get(id)!, w, h })),
      ...lines.flatMap(({ label }, index) =>
        label === null || links[index]!.from === links[index]!.to
          ? []
          : [{ ...label, w: links[index]!.labelWidth, h: 20 }],
      ),
    ];
    for (const [index, one] of rectangles.entries()) {
      expect(one.x - one.w / 2).toBeGreaterThanOrEqual(0);
      expect(one.x + one.w / 2).toBeLessThanOrEqual(width);
      expect(one.y + one.h / 2).toBeLessThanOrEqual(height);
      for (const other of rectangles.slice(index + 1)) {
        const apart =
          Math.abs(one.x - other.x) >= (one.w + other.w) / 2 - 0.01 ||
          Math.abs(one.y - other.y) >= (one.h + other.h) / 2;
        expect(apart).toBe(true);
      }
    }
    expect(places.get('a')!.y).toBeLessThan(places.get('d')!.y);
    expect(places.get('end')!.y).toBe(Math.max(...[...places.values()].map(({ y }) => y)));
  });

  test('a row of steps stands straight below each other, and 300 steps take no time', () => {
    const boxes = Array.from({ length: 300 }, (_, index) => box(`s${index}`, 130 + (index % 5) * 20));
    const links = boxes.slice(1).map(({ id }, index) => link(`s${index}`, id, index % 3 === 0 ? 70 : 0));
    const began = performance.now();
    const { boxes: places } = layOut(boxes, links);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(new Set([...places.values()].map(({ x }) => Math.round(x))).size).toBe(1);
  });
});
