import { dispatch } from './dispatch.ts';
import type { Figure } from './figure.ts';
import { forecast } from './forecast.ts';
import { idle } from './idle.ts';
import { ingest } from './ingest.ts';
import { journey } from './journey.ts';
import { latency } from './latency.ts';
import { pressure } from './pressure.ts';
import { render } from './render.ts';
import { step } from './step.ts';
import { test } from './test.ts';

/** Every figure, in the order of the table. */
export const figures: ReadonlyMap<string, Figure> = new Map(
  Object.entries({ ingest, journey, step, pressure, render, test, dispatch, latency, idle, forecast }),
);
