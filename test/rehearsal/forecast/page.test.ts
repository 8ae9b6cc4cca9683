import { forecastText } from '../../../src/rehearsal/forecast/forecast-text.ts';
import { forecastPage } from '../../../src/rehearsal/forecast/page/page.ts';
import { largest } from '../../../src/rehearsal/forecast/page/day-chart.ts';
import { madeForecast } from './made-forecast.ts';

test('a name never becomes a part of the page: every one is written as text', () => {
  const evil = `<img src=x onerror="alert('1')">`;
  const { text } = forecastPage(madeForecast([evil, `</style>${evil}`], evil, evil));
  expect(text).not.toContain('<img');
  expect(text.match(/<\/style>/g)).toHaveLength(1);
  expect(text).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;');
});

test('the page needs nothing from elsewhere and runs no script', () => {
  const { text } = forecastPage(madeForecast(['policy.yaml']));
  expect(text).toContain('default-src &#39;none&#39;');
  expect(text).not.toMatch(/<script|<link|<img|https?:\/\//);
});

test('the page says what the text says: every total with its margin, every reason, and every difference', () => {
  const forecast = madeForecast(['policy.yaml', 'stricter.yaml']);
  const said = forecastPage(forecast)
    .text.replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  const text = forecastText(forecast);
  const figures = text.match(/[\d,.]+ ± [\d,.]+(?: EUR)?/g)!;
  expect(figures.length).toBeGreaterThan(60);
  for (const figure of figures) expect(said).toContain(figure);
  for (const difference of text.match(/[+−][\d,.]+ ± [\d,.]+/g)!) expect(said).toContain(difference);
  for (const words of [
    'pressure, weekly-ceiling',
    'no scenario let them in',
    'birthday before welcome',
    'newsletter-welcome, step tell-shop',
  ])
    expect(said).toContain(words);
});

test('a chart has the largest series and all others together: nothing sent is left out of a bar', () => {
  const series = Array.from({ length: 9 }, (_, n) => ({ name: `p${n}`, values: [n, 10 - n] }));
  const drawn = largest(series);
  expect(drawn).toHaveLength(6);
  expect(drawn.at(-1)!.name).toBe('all others');
  for (const day of [0, 1])
    expect(drawn.reduce((sum, { values }) => sum + values[day]!, 0)).toBe(
      series.reduce((sum, { values }) => sum + values[day]!, 0),
    );
});

test('an empty base makes a page, too', () => {
  const forecast = madeForecast(['policy.yaml']);
  const [policy] = forecast.policies;
  const nothing = { value: 0, margin: 0 };
  const empty = {
    ...policy!,
    messages: nothing,
    days: policy!.days.map((day) => ({ ...day, sent: [], refused: [] })),
    refused: [],
    held: [],
    busiestMinute: null,
    reach: { contacts: nothing, reached: nothing, nothing, why: [] },
  };
  expect(forecastPage({ ...forecast, policies: [empty] }).text).not.toMatch(/NaN|Infinity|undefined/);
});
